import { useSignal } from '@preact/signals';
import type { Piece, ToldSubtree } from '../../server/domain/answer-text.ts';
import { hasGrown, mainCulprit } from '../../server/domain/answer-text.ts';
import type { HostEvent } from '../../server/domain/events.ts';
import type { AnswerAnswer } from '../../server/interfaces/http/schemas/answer.ts';
import type { Failure } from '../api.ts';
import { answerAsText, culpritName, tellAnswer } from '../lib/answer-sentence.ts';
import { processName } from '../lib/process-text.ts';
import type { PageId, View } from '../state.ts';
import { linkTo } from '../state.ts';

/** What the page is for: who holds the memory, and what grew. */

interface AnswerProps {
  readonly view: View;
  readonly answer: AnswerAnswer;
  /** What happened to the host. */
  readonly events: readonly HostEvent[];
}

export function culpritHref(
  view: View,
  ts: string,
  { pid, key }: Pick<ToldSubtree, 'pid' | 'key'>,
  page: PageId = 'pid',
): string {
  return linkTo(page, view, { pid, key, ts });
}

interface WordsProps extends Pick<AnswerProps, 'view' | 'answer'> {
  readonly pieces: readonly Piece[];
}

function Words({ view, answer, pieces }: WordsProps) {
  return (
    <>
      {pieces.map((piece, index) => {
        if (typeof piece === 'string') return piece;
        if ('strong' in piece) return <b key={index}>{piece.strong}</b>;
        const { process } = piece;
        return (
          <a key={index} href={culpritHref(view, answer.ts, process)} title={processName(process).text}>
            {culpritName(process)}
          </a>
        );
      })}
    </>
  );
}

const SHOWN_MS = 4000;
const WORDS_ID = 'answer-words';

function CopyAsText({ answer, events }: Pick<AnswerProps, 'answer' | 'events'>) {
  const said = useSignal('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(answerAsText(answer, events));
      said.value = 'Copied';
    } catch {
      // Only pages of this machine or with TLS may copy by themselves.
      const words = document.getElementById(WORDS_ID);
      if (words) getSelection()?.selectAllChildren(words);
      said.value = 'Selected: copy it with Ctrl+C';
    }
    setTimeout(() => {
      said.value = '';
    }, SHOWN_MS);
  };
  return (
    <>
      <button type="button" class="btn" onClick={() => void copy()}>
        Copy as text
      </button>
      <span class="said" role="status">
        {said.value}
      </span>
    </>
  );
}

/** What changed since the earlier sample: every process of the host, the largest growth first. */
export function changesHref(view: View, { ts, from }: AnswerAnswer): string | null {
  return from === null ? null : linkTo('snapshot', view, { ts, base: from, order: '-change_subtree' });
}

function Actions({ view, answer, events }: AnswerProps) {
  const process = mainCulprit(answer);
  const changes = changesHref(view, answer);
  return (
    <p class="actions">
      {process ? (
        <>
          <a class="btn primary" href={culpritHref(view, answer.ts, process)}>
            Open
          </a>
          <a class="btn" href={culpritHref(view, answer.ts, process, 'plot')}>
            Plot
          </a>
        </>
      ) : null}
      {changes ? (
        <a class="btn" href={changes}>
          What changed?
        </a>
      ) : null}
      <CopyAsText answer={answer} events={events} />
    </p>
  );
}

export function Answer(props: AnswerProps) {
  const { view, answer, events } = props;
  const { lead, more } = tellAnswer(answer, events);
  return (
    <section class="answer" aria-label="Answer" data-grown={hasGrown(answer) ? '' : undefined}>
      <div id={WORDS_ID}>
        <p class="answer-lead">
          <Words view={view} answer={answer} pieces={lead} />
        </p>
        {more.length > 0 ? (
          <p class="answer-more">
            <Words view={view} answer={answer} pieces={more} />
          </p>
        ) : null}
      </div>
      <Actions {...props} />
    </section>
  );
}

/** It is on its way; the room that it takes is kept. */
export function AnswerComing() {
  return (
    <section class="answer coming" aria-label="Answer" aria-busy="true">
      <i class="bone line" />
      <i class="bone line" />
    </section>
  );
}

export function NoAnswer({ failure }: { readonly failure: Failure }) {
  const why = failure.kind === 'offline' ? 'The server does not answer.' : failure.problem.detail;
  return (
    <section class="answer" aria-label="Answer">
      <p>Which process holds the memory cannot be told here. {why}</p>
    </section>
  );
}
