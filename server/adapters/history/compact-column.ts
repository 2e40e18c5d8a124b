/** Bytes as they are recorded are whole KiB: half the room of doubles, where all of a column are. */
export interface CompactColumn {
  at(index: number): number;
}

const KIB = 1024;
const LARGEST = 2 ** 32;

// Each in a function of its own: closures of one function keep alive what any of them uses.
function wholeKib(values: Float64Array): CompactColumn {
  return scaled(Uint32Array.from(values, (value) => value / KIB));
}

function scaled(kib: Uint32Array): CompactColumn {
  return { at: (index) => kib[index] * KIB };
}

function plain(values: Float64Array): CompactColumn {
  return { at: (index) => values[index] };
}

export function compactColumn(values: Float64Array): CompactColumn {
  const isWhole = values.every((value) => value % KIB === 0 && value >= 0 && value < LARGEST * KIB);
  return isWhole ? wholeKib(values) : plain(values);
}
