import { now } from '../health.ts';
import { formatAge } from '../lib/time.ts';
import { liveSeries, liveState, liveWay } from '../live-feed.ts';
import { Moment } from './figures.tsx';

/** Whether figures are coming, in the predecessor's words; old ones are never passed off as new. */

const WORDS = {
  connecting: 'Connecting…',
  connected: 'Connected - Receiving real-time data',
  lost: 'Disconnected - Attempting to reconnect…',
} as const;

function Details() {
  const { points, intervalSeconds } = liveSeries.value;
  const last = points.at(-1);
  if (!last) return null;
  if (liveState.value === 'connected')
    return (
      <>
        every {intervalSeconds} s by {liveWay.value}, last point <Moment at={last.t} beside={now.value} />
      </>
    );
  return <>these figures are {formatAge(now.value - last.t)} old</>;
}

export function LiveState() {
  return (
    <p class="live-state" data-state={liveState.value}>
      <span role="status">{WORDS[liveState.value]}</span>
      <span class="muted">
        <Details />
      </span>
    </p>
  );
}
