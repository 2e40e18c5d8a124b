const FEWEST = 1024;

/** @returns the column, or a longer copy of it: twice as long, so that values are copied about once */
export function withRoom(column: Int32Array, length: number): Int32Array {
  if (length <= column.length) return column;
  const longer = new Int32Array(Math.max(length, FEWEST, column.length * 2));
  longer.set(column);
  return longer;
}
