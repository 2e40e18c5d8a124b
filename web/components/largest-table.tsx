import { heatOf } from '../../server/domain/heat.ts';
import type { AnswerAnswer, CulpritView } from '../../server/interfaces/http/schemas/answer.ts';
import { culpritName } from '../lib/answer-sentence.ts';
import { formatChange } from '../lib/bytes.ts';
import { exactBytes } from '../lib/numbers.ts';
import { processName } from '../lib/process-text.ts';
import type { View } from '../state.ts';
import { culpritHref } from './answer.tsx';
import { Bytes, Moment } from './figures.tsx';

/** Subtrees that do not overlap: who holds the memory, or who grew. */

/** From this share of RAM on a change is worth the warning colour. */
const NOTABLE_SHARE = 0.01;

interface Shared {
  readonly view: View;
  readonly answer: AnswerAnswer;
}

function Change({ process, total }: { readonly process: CulpritView; readonly total: number | null }) {
  const { delta_bytes: delta, is_new } = process;
  if (is_new) return <span title={`New: ${exactBytes(delta)}`}>new</span>;
  if (delta === null) return <span class="unknown">–</span>;
  const isNotable = total !== null && delta > total * NOTABLE_SHARE;
  return (
    <data value={delta} class={isNotable ? 'up' : 'muted'} title={exactBytes(delta)}>
      {formatChange(delta)}
    </data>
  );
}

function Row({ view, answer, process }: Shared & { readonly process: CulpritView }) {
  const { bytes, rss_is_upper_bound, subtree_processes } = process;
  const below = subtree_processes - 1;
  const share = heatOf(bytes, answer.mem_total_bytes).toFixed(3);
  return (
    <tr>
      <th scope="row" class="l">
        <a class="cmd" href={culpritHref(view, answer.ts, process)} title={processName(process).text}>
          {culpritName(process)}
        </a>
        {below > 0 ? <span class="u"> +{below}</span> : null}
      </th>
      <td class="num heat" style={{ '--share': share }}>
        {rss_is_upper_bound ? <span class="u">≤ </span> : null}
        <Bytes value={bytes} label={rss_is_upper_bound ? 'RSS, an upper bound' : 'PSS'} />
      </td>
      <td class="num">
        <Change process={process} total={answer.mem_total_bytes} />
      </td>
    </tr>
  );
}

interface SubtreeTableProps extends Shared {
  readonly title: string;
  readonly rows: readonly CulpritView[];
}

export function SubtreeTable({ title, rows, ...shared }: SubtreeTableProps) {
  const { ts, from } = shared.answer;
  return (
    <section class="side-table">
      <h2>
        {title} <span class="muted">each with all processes below it</span>
      </h2>
      <table aria-label={title}>
        <thead>
          <tr>
            <th scope="col" class="l">
              Command
            </th>
            <th scope="col">Memory</th>
            <th scope="col">
              {from === null ? (
                'Change'
              ) : (
                <>
                  since <Moment at={from} beside={ts} />
                </>
              )}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((process) => (
            <Row key={process.key} {...shared} process={process} />
          ))}
        </tbody>
      </table>
    </section>
  );
}
