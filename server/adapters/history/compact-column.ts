/** Bytes as they are recorded are whole KiB: half the room of doubles, where all of a column are. */
export interface CompactColumn {
  at(index: number): number;
}

const KIB = 1024;

/** @returns `null` where not all are */
function wholeKib(values: Float64Array): Uint32Array | null {
  const kib = new Uint32Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const scaled = values[at] / KIB;
    kib[at] = scaled;
    if (kib[at] !== scaled) return null;
  }
  return kib;
}

// Each in a function of its own: closures of one function keep alive what any of them uses.

function scaled(kib: Uint32Array): CompactColumn {
  return { at: (index) => kib[index] * KIB };
}

function plain(values: Float64Array): CompactColumn {
  return { at: (index) => values[index] };
}

export function compactColumn(values: Float64Array): CompactColumn {
  const kib = wholeKib(values);
  return kib ? scaled(kib) : plain(values);
}
