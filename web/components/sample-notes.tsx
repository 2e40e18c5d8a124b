import type { ProcessRow } from '../../server/domain/metrics.ts';
import { gapAskedFor, instantAskedFor } from '../asked.ts';
import { health } from '../health.ts';
import { nothingRecorded } from '../lib/gap-text.ts';
import { countOf } from '../lib/numbers.ts';
import { formatAge, formatMomentBeside } from '../lib/time.ts';
import { isRecent } from '../machine.ts';
import { view } from '../navigation.ts';
import { linkTo } from '../state.ts';

interface SampleNotesProps {
  readonly answer: { readonly incomplete: boolean; readonly ts?: string };
  readonly process?: ProcessRow;
}

function damagedHref(): string {
  return linkTo('files', view.value, { state: 'damaged' });
}

/** The instant that was asked for lies where nothing was recorded. */
function GapNote({ ts }: { readonly ts: string }) {
  const gap = gapAskedFor(view.value);
  const shown = Date.parse(ts);
  if (!gap) return <LateNote shown={shown} />;
  return (
    <p class="note">
      {nothingRecorded(gap, shown)} Showing the sample before,{' '}
      {formatMomentBeside(shown, Date.parse(gap.from))}.
    </p>
  );
}

/** The instant that was asked for lies long after what was recorded. */
function LateNote({ shown }: { readonly shown: number }) {
  const late = (instantAskedFor(view.value) ?? shown) - shown;
  if (isRecent(late)) return null;
  return (
    <p class="note">
      Nothing was recorded after {formatMomentBeside(shown, shown)}, {formatAge(late)} before the instant that
      was asked for.
    </p>
  );
}

/** What a reader must know before trusting the figures. */
export function SampleNotes({ answer, process }: SampleNotesProps) {
  return (
    <>
      {answer.ts === undefined ? null : <GapNote ts={answer.ts} />}
      {answer.incomplete ? (
        <p class="note hurt">
          This sample is incomplete: its dump is not as its commit record says. Processes may be missing.{' '}
          <a href={damagedHref()}>What is damaged</a>
        </p>
      ) : null}
      {process?.weak_identity ? (
        <p class="note">
          The dumps hold no start times: a reused PID is told apart only by its command and parent.
        </p>
      ) : null}
    </>
  );
}

interface PssNoteProps {
  readonly rows: readonly Pick<ProcessRow, 'rss_bytes' | 'pss_bytes'>[];
}

/** Below a table: why some of its processes have no PSS, and what that means for its sums. */
export function PssNote({ rows }: PssNoteProps) {
  const unknown = rows.filter(({ rss_bytes, pss_bytes }) => rss_bytes > 0 && pss_bytes === null).length;
  if (unknown === 0) return null;
  return (
    <p class="muted">
      PSS for {countOf(unknown, 'process', 'processes')} is not known here: it needs root or the same user,
      and not every sample has it. RSS is shown; sums of it are marked ≤.
    </p>
  );
}

/** Something of the recording could not be used: it is said where the recording is summed up. */
export function DamageNote() {
  const ingest = health.value?.ingest;
  if (!ingest || ingest.rejected_files + ingest.rejected_rows === 0) return null;
  const { rejected_files, rejected_rows } = ingest;
  const parts = [
    rejected_files > 0 && `${countOf(rejected_files, 'complaint', 'complaints')} about files`,
    rejected_rows > 0 && `${countOf(rejected_rows, 'row', 'rows')} left out`,
  ].filter(Boolean);
  return (
    <p class="note">
      Not all of the dumps could be used: {parts.join(', ')}. <a href={damagedHref()}>Which, and why</a>
    </p>
  );
}
