import type { HealthAnswer } from '../../server/interfaces/http/schemas.ts';
import { formatCount } from '../lib/numbers.ts';
import { formatAge } from '../lib/time.ts';

/** How far the server has come with reading dumps. */

type Reading = HealthAnswer['ingest'];

function words({ pending, read, rows, seconds_left }: Reading): string {
  if (pending === null) return 'Looking for dumps.';
  const left = seconds_left === null ? '' : `, about ${formatAge(seconds_left * 1000)} left`;
  const of = `${formatCount(read)} of ${formatCount(read + pending)} dumps`;
  return `Indexing ${of}, ${formatCount(rows)} rows${left}.`;
}

export function ReadingProgress({ reading }: { readonly reading: Reading }) {
  const { pending, read } = reading;
  const amount = pending === null ? {} : { value: read, max: Math.max(1, read + pending) };
  return (
    <div class="reading">
      <progress {...amount} aria-label="Dumps that have been read" />
      <p role="status">{words(reading)}</p>
    </div>
  );
}
