const FEWEST = 1024;

/** @returns the column, or a longer copy of it: twice as long, so that values are copied about once */
export function withRoom<Column extends Int32Array | Float64Array>(column: Column, length: number): Column {
  if (length <= column.length) return column;
  const room = Math.max(length, FEWEST, column.length * 2);
  const longer = column instanceof Int32Array ? new Int32Array(room) : new Float64Array(room);
  longer.set(column);
  return longer as Column;
}
