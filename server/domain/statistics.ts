/** Descriptive statistics of known values. The definitions are those of DataFrame.describe in pandas and Danfo. */
export interface Description {
  readonly count: number;
  readonly mean: number | null;
  /** Of a sample: n − 1 in the denominator; `null` below two values. */
  readonly std: number | null;
  readonly min: number | null;
  readonly median: number | null;
  readonly p95: number | null;
  readonly max: number | null;
  readonly sum: number | null;
}

/** Quantile by linear interpolation between neighbours (R type 7). `sorted` ascends and is not empty. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  const high = Math.ceil(at);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

/** Statistics of the values that are known: `null` and `NaN` are left out and never counted as 0. */
export function describe(values: Iterable<number | null>): Description {
  const known = Float64Array.from(
    [...values].filter((value): value is number => value !== null && !Number.isNaN(value)),
  );
  known.sort();
  const count = known.length;
  if (count === 0)
    return { count, mean: null, std: null, min: null, median: null, p95: null, max: null, sum: null };
  const sum = known.reduce((total, value) => total + value, 0);
  const mean = sum / count;
  const squares = known.reduce((total, value) => total + (value - mean) ** 2, 0);
  return {
    count,
    mean,
    std: count > 1 ? Math.sqrt(squares / (count - 1)) : null,
    min: known[0],
    median: quantile(known, 0.5),
    p95: quantile(known, 0.95),
    max: known[count - 1],
    sum,
  };
}
