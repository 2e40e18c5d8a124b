import type { ProcessRow } from '../../server/domain/metrics.ts';

interface SampleNotesProps {
  readonly answer: { readonly incomplete: boolean };
  readonly process?: ProcessRow;
}

/** What a reader must know before trusting the figures. */
export function SampleNotes({ answer, process }: SampleNotesProps) {
  return (
    <>
      {answer.incomplete ? (
        <p class="note hurt">
          This sample is incomplete: its dump is not as its commit record says. Processes may be missing.
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
