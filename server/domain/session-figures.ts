/** One quantity over the samples of a session in which it was known. Bytes. */
export interface SessionFigures {
  readonly samples: number;
  readonly first: number;
  readonly last: number;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  /** Last less first; `null` with one sample. */
  readonly growth: number | null;
  /** Of the first sample with the largest value, epoch ms. */
  readonly peak: number;
}

export interface OpenFigures {
  /** In order of time; `NaN` is unknown and left out. */
  add(t: number, bytes: number): void;
  /** `null`: it was never known. */
  read(): SessionFigures | null;
}

/** Sums are of whole bytes below 2⁵³, so that means are exact. */
export function openFigures(): OpenFigures {
  let samples = 0;
  let first = Number.NaN;
  let last = Number.NaN;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let peak = Number.NaN;
  return {
    add(t, bytes) {
      if (Number.isNaN(bytes)) return;
      if (samples === 0) first = bytes;
      samples++;
      last = bytes;
      sum += bytes;
      if (bytes < min) min = bytes;
      if (bytes <= max) return;
      max = bytes;
      peak = t;
    },
    read() {
      if (samples === 0) return null;
      const growth = samples > 1 ? last - first : null;
      return { samples, first, last, min, mean: sum / samples, max, growth, peak };
    },
  };
}
