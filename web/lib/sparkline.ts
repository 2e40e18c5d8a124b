/** A small line beside a row: the way of one figure along time, from zero to its own peak. */

export interface Spark {
  readonly t: readonly number[];
  readonly bytes: readonly (number | null)[];
}

export const SPARK_WIDTH = 88;
export const SPARK_HEIGHT = 18;

interface SparkPoint {
  readonly x: number;
  readonly y: number;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Points by stretches of known values; a stretch ends where the process was not alive. */
function stretchesOf({ t, bytes }: Spark): SparkPoint[][] {
  const most = Math.max(1, ...bytes.map((value) => value ?? 0));
  const span = Math.max(1, (t.at(-1) ?? 0) - t[0]);
  const stretches: SparkPoint[][] = [];
  let isInside = false;
  for (const [index, value] of bytes.entries()) {
    if (value !== null) {
      if (!isInside) stretches.push([]);
      const x = ((t[index] - t[0]) / span) * (SPARK_WIDTH - 2) + 1;
      stretches
        .at(-1)
        ?.push({ x: round(x), y: round(SPARK_HEIGHT - 1 - (value / most) * (SPARK_HEIGHT - 2)) });
    }
    isInside = value !== null;
  }
  return stretches;
}

/** The `d` of an SVG path; a single sample is a dot. */
export function sparkPath(spark: Spark): string {
  return stretchesOf(spark)
    .map((points) => {
      const way = points.map(({ x, y }) => `${x} ${y}`).join('L');
      return points.length === 1 ? `M${way}h0.1` : `M${way}`;
    })
    .join('');
}

/** First, last and largest known value; `null` where nothing is known. */
export function sparkFigures({ bytes }: Spark): { first: number; last: number; most: number } | null {
  const known = bytes.filter((value) => value !== null);
  if (known.length === 0) return null;
  return { first: known[0], last: known[known.length - 1], most: Math.max(...known) };
}
