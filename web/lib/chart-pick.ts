import type { ChartSpec } from './chart-spec.ts';

/** The layer of a stack that lies at this value at one of its instants; `null` above them all. */
export function layerAt({ lines }: Pick<ChartSpec, 'lines'>, t: number, value: number): string | null {
  let top = 0;
  for (const { id, isLayer, t: grid, values } of lines) {
    if (!isLayer) continue;
    const thickness = values[grid.indexOf(t)] ?? 0;
    top += thickness;
    if (thickness > 0 && value <= top) return id;
  }
  return null;
}
