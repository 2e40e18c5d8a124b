/**
 * How often samples are taken. A recorder must not become a burden: where a sample takes longer than a tenth of
 * its interval, the interval doubles, up to eight times, and comes back when samples are cheap again. And it
 * must be there when it matters: while memory is scarce a shorter interval holds.
 */
export interface Pace {
  /** The interval in force, in ms. */
  readonly intervalMs: number;
  /**
   * Takes a sample into account.
   * @param tookMs from its first read to its last sync
   * @param scarcity why memory is scarce; `null` when it is not
   */
  afterSample(tookMs: number, scarcity: string | null): void;
}

export interface PaceOptions {
  readonly intervalMs: number;
  /** While memory is scarce; never longer than `intervalMs`. */
  readonly pressureIntervalMs: number;
  /** One line for a person. */
  readonly note: (line: string) => void;
}

const LARGEST_STRETCH = 8;
const LARGEST_SHARE = 1 / 10;
/** At half the interval a sample would still be well within its share. */
const CHEAP_SHARE = LARGEST_SHARE / 4;
/** Who asks for shorter intervals wants a close look, whatever it costs. */
const SHORTEST_STRETCHED_MS = 1000;

function describeInterval(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;
}

/** The stretch that follows from a sample: twice as much, half, or the same. */
function nextStretch(stretch: number, share: number): number {
  if (share > LARGEST_SHARE) return Math.min(stretch * 2, LARGEST_STRETCH);
  return share < CHEAP_SHARE ? Math.max(stretch / 2, 1) : stretch;
}

export function openPace({ intervalMs, pressureIntervalMs, note }: PaceOptions): Pace {
  const tight = Math.min(pressureIntervalMs, intervalMs);
  let stretch = 1;
  let isTight = false;
  /** The first sample fills the cache: it says nothing of those to come. */
  let isFirst = true;
  const inForce = () => (isTight ? Math.min(tight * stretch, intervalMs) : intervalMs * stretch);
  const every = () => `recording every ${describeInterval(inForce())}`;

  function tighten(scarcity: string | null): void {
    if (isTight === (scarcity !== null)) return;
    isTight = scarcity !== null;
    stretch = 1;
    note(`${isTight ? `memory is scarce (${scarcity})` : 'memory is no longer scarce'}: ${every()}`);
  }

  function stretchOrNot(tookMs: number): void {
    const before = inForce();
    if (before < SHORTEST_STRETCHED_MS) return;
    stretch = nextStretch(stretch, tookMs / before);
    const took = `a sample took ${Math.round(tookMs)} ms`;
    if (inForce() > before) note(`${took}, more than a tenth of the interval: ${every()}`);
    if (inForce() < before) note(`${took}: ${every()} again`);
  }

  return {
    get intervalMs() {
      return inForce();
    },
    afterSample(tookMs, scarcity) {
      tighten(scarcity);
      if (!isFirst) stretchOrNot(tookMs);
      isFirst = false;
    },
  };
}
