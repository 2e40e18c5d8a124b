import type { HealthAnswer } from '../../server/interfaces/http/schemas.ts';
import { health, healthAt, isServerGone, now } from '../health.ts';
import { secondsUntil } from '../lib/time.ts';
import { view } from '../navigation.ts';
import { linkTo } from '../state.ts';
import { Duration } from './figures.tsx';
import { StopButton } from './session-stop.tsx';

/** A session that is being recorded, told on every page: below, where it moves nothing. */

/** A countdown to less than this would be over when it is read. */
const TELLING_INTERVAL_S = 5;

type Recorded = HealthAnswer['sessions'][number];

/** Whole seconds of this browser's clock since the server answered. */
function left(seconds: number): number {
  return secondsUntil(healthAt.value + seconds * 1000, now.value);
}

function NextSample({ session: { interval_seconds, next_sample_seconds: next } }: { session: Recorded }) {
  if (next === null || interval_seconds < TELLING_INTERVAL_S) return null;
  return <span class="opt"> · next sample in {left(next)} s</span>;
}

/** The page of sessions tells them itself. */
function isToldByPage(name: string): boolean {
  const { page, params } = view.value;
  return page === 'sessions' && params.a === undefined && (params.name ?? name) === name;
}

export function SessionStrip() {
  const [session, ...others] = health.value?.sessions ?? [];
  if (!session || isServerGone.value || isToldByPage(session.name)) return null;
  const { name, seconds_left } = session;
  return (
    <aside class="session-strip" aria-label="Recording">
      <span class="in-text">
        <span class="pulse" aria-hidden="true" /> Recording{' '}
        <a href={linkTo('sessions', view.value, { name })}>{name}</a>
        <NextSample session={session} />
        {' · '}
        <span class="countdown">
          <Duration seconds={left(seconds_left)} /> left
        </span>
        {others.length > 0 ? (
          <>
            {' · '}
            <a href={linkTo('sessions', view.value)}>and {others.length} more</a>
          </>
        ) : null}
      </span>
      <StopButton key={name} name={name} isShort />
    </aside>
  );
}
