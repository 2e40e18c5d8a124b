import { health, isServerGone, lastSample, now } from '../health.ts';
import { formatCount } from '../lib/numbers.ts';
import { formatAge, formatMoment } from '../lib/time.ts';
import { isRecent, machine } from '../machine.ts';
import { cancel, isSlow, retry, staleSince } from '../screen.ts';

/** Whether what is shown is alive: recording, still reading, or left alone. */

type Reading = NonNullable<typeof health.value>['ingest'];

interface State {
  readonly kind: 'live' | 'idle' | 'busy' | 'gone';
  /** Left out where there is little room. */
  readonly lead?: string;
  readonly text: string;
}

function readingText({ pending, read, rows, seconds_left, ...rejected }: Reading): string {
  if (pending === null) return 'looking for dumps';
  const count = rejected.rejected_files + rejected.rejected_rows;
  return [
    `reading ${formatCount(read)} of ${formatCount(read + pending)} dumps`,
    ...(rows > 0 ? [`${formatCount(rows)} rows`] : []),
    ...(count > 0 ? [`${formatCount(count)} rejected`] : []),
    ...(seconds_left === null ? [] : [`${formatAge(seconds_left * 1000)} left`]),
  ].join(', ');
}

function recordingState(newest: number): State {
  const age = Math.max(0, now.value - newest);
  const text = `${formatAge(age)} ago`;
  return isRecent(age)
    ? { kind: 'live', lead: 'recording, last sample', text }
    : { kind: 'idle', lead: 'last sample', text };
}

export function currentState(): State | null {
  if (isServerGone.value) return { kind: 'gone', text: 'server does not answer' };
  const answer = health.value;
  if (!answer) return null;
  const { state, pending } = answer.ingest;
  if (state !== 'idle' && pending !== 0) return { kind: 'busy', text: readingText(answer.ingest) };
  return lastSample.value === null
    ? { kind: 'idle', text: 'no samples yet' }
    : recordingState(lastSample.value);
}

export function Status() {
  const state = currentState();
  if (!state) return <span class="status" />;
  const at = lastSample.value;
  return (
    <span class="status" data-kind={state.kind} title={at === null ? undefined : formatMoment(at)}>
      <span>
        {state.lead ? <span class="lead">{state.lead} </span> : null}
        {state.text}
      </span>
    </span>
  );
}

export function DemoBadge() {
  if (!machine.value?.isDemo) return null;
  return <p class="banner demo">Demo: a generated host, not this one</p>;
}

/** Old figures are never passed off as new ones. */
export function StaleBanner() {
  const since = staleSince.value;
  if (since === null) return null;
  return (
    <p class="banner stale" role="status">
      The server does not answer. What you see is {formatAge(Math.max(0, now.value - since))} old.{' '}
      <button type="button" class="btn" onClick={retry}>
        Try again
      </button>
    </p>
  );
}

/** Beside the bar that runs: above what is waited for, where it moves nothing. */
export function StillLoading() {
  if (!isSlow.value) return null;
  return (
    <p class="still-loading" role="status">
      Still loading …{' '}
      <button type="button" class="btn" onClick={cancel}>
        Cancel
      </button>
    </p>
  );
}
