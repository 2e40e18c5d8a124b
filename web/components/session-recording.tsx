import { useMemo } from 'preact/hooks';
import type { SessionItem } from '../../server/interfaces/http/schemas/sessions.ts';
import { now } from '../health.ts';
import { countOf } from '../lib/numbers.ts';
import { secondsUntil } from '../lib/time.ts';
import { Duration, Moment } from './figures.tsx';
import { StopButton } from './session-stop.tsx';

/** A session that records: how far it is, by the server's clock, and the button that ends it. */

interface RecordingProps {
  readonly session: SessionItem;
  /** The server's clock when it answered. */
  readonly serverNow: string;
}

/** The server's clock now: this browser's may be another. */
export function useServerClock(serverNow: string): number {
  const ahead = useMemo(() => Date.parse(serverNow) - Date.now(), [serverNow]);
  return now.value + ahead;
}

export function Recording({ session, serverNow }: RecordingProps) {
  const clock = useServerClock(serverNow);
  const { name, started, ends, samples, last_sample: last, interval_seconds: interval } = session;
  const [begin, end] = [Date.parse(started), Date.parse(ends)];
  const next = last === null ? null : Date.parse(last) + interval * 1000;
  return (
    <section class="session-recording" aria-label={`Session ${name} is being recorded`}>
      <p>
        <span class="pulse" aria-hidden="true" /> <b>{name}</b> is being recorded, every {interval} s:{' '}
        {countOf(samples, 'sample', 'samples')}
        {last === null ? null : (
          <>
            , the last at <Moment at={last} beside={started} />
          </>
        )}
        {next === null ? null : `, next in ${secondsUntil(next, clock)} s`}.{' '}
        <b class="countdown">
          <Duration seconds={secondsUntil(end, clock)} /> left
        </b>{' '}
        <StopButton name={name} />
      </p>
      <progress aria-label={`How far ${name} is`} max={end - begin} value={Math.min(end, clock) - begin} />
    </section>
  );
}
