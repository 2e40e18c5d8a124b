import { openLiveSampler } from '../../../server/adapters/procfs/live-sampler.ts';
import { openLiveFeed } from '../../../server/application/live-feed.ts';
import { LIVE } from '../../../server/domain/live-point.ts';

/** The feed of this host, one tick right after the other. Prints its memory as it goes, and what a tick took. */

const TICKS = 1800;
const STEP = 100;

/** A clock that passes only while there is nothing to do. */
function openHastyClock() {
  let now = 0;
  return {
    monotonic: () => now,
    after(ms: number, call: () => void) {
      const timer = setImmediate(() => {
        now += ms;
        call();
      });
      return () => clearImmediate(timer);
    },
  };
}

const { gc } = globalThis;
if (!gc) throw new Error('run it with --expose-gc');
let ticks = 0;
const readings: { readonly rss: number; readonly heap: number }[] = [];
const feed = openLiveFeed({
  openSampler: openLiveSampler,
  groups: () => [],
  onFailure(error) {
    throw error;
  },
  id: 'bench',
  clock: openHastyClock(),
});

function read(): void {
  gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  readings.push({ rss, heap: heapUsed });
}

feed.subscribe(
  {
    send() {
      const past = ticks++ - LIVE.ring;
      if (past >= 0 && past % STEP === 0) read();
      if (past < TICKS) return;
      console.log(JSON.stringify(readings));
      process.exit(0);
    },
    backlog: () => 0,
    drop: () => undefined,
  },
  { after: null, n: 1 },
);
