/** How strongly a figure is shaded by its share of RAM: a square root, so that 3 % is seen and 60 % stays legible. */
export function heatOf(bytes: number | null, total: number | null): number {
  if (!bytes || !total) return 0;
  return Math.min(1, Math.sqrt(bytes / total));
}
