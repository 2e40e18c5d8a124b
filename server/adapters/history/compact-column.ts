/** Bytes as they are recorded are whole KiB: half the room of doubles, where all of a column are. */
export interface CompactColumn {
  at(index: number): number;
}

const KIB = 1024;
const LARGEST = 2 ** 32;

export function compactColumn(values: Float64Array): CompactColumn {
  if (!values.every((value) => value % KIB === 0 && value >= 0 && value < LARGEST * KIB))
    return { at: (index) => values[index] };
  const whole = Uint32Array.from(values, (value) => value / KIB);
  return { at: (index) => whole[index] * KIB };
}
