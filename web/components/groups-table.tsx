import { displayText } from '../../server/domain/text-notation.ts';
import type { GroupsAnswer, ProcessGroup } from '../../server/interfaces/http/schemas/groups.ts';
import { compareChanges, readOrder } from '../lib/change.ts';
import { isNarrow } from '../lib/media.ts';
import { formatCount, knownNote, UPPER_BOUND } from '../lib/numbers.ts';
import { shorten, shortName } from '../lib/process-text.ts';
import { memTotalBytes } from '../machine.ts';
import type { View } from '../state.ts';
import { linkTo } from '../state.ts';
import { ChangeValue } from './change.tsx';
import { Bytes } from './figures.tsx';
import { shareStyle } from './process-cell.tsx';
import { Term } from './term.tsx';

/** Processes put together: what each group holds, and the largest of it. */

interface GroupsTableProps {
  readonly view: View;
  readonly answer: GroupsAnswer;
}

const MOST_Q = 200;

/** The snapshot with only this group; commands are found by their text, everything else exactly. */
function groupHref(view: View, { by, ts }: GroupsAnswer, name: string): string {
  // The group alone: of its members there is no filter.
  if (by === 'watch') return linkTo('snapshot', view, { ts, watch: name.split(' / ')[0] });
  if (by !== 'cmd') return linkTo('snapshot', view, { ts, [by]: name });
  return linkTo('snapshot', view, { ts, q: [...displayText(name)].slice(0, MOST_Q).join('').trim() });
}

function GroupName({ view, answer, name }: GroupsTableProps & { readonly name: string | null }) {
  if (name === null)
    return <span class="muted">{answer.by === 'watch' ? 'in no watch group' : 'unknown'}</span>;
  if (name === '')
    return <span class="muted">{answer.by === 'cmd' ? 'no command line' : 'without a name'}</span>;
  const text = displayText(name);
  return (
    <a class="cmd" href={groupHref(view, answer, name)} title={text}>
      {text}
    </a>
  );
}

interface SumProps {
  readonly bytes: number | null;
  readonly known: number;
  readonly processes: number;
}

/** A sum of what is known, and of how many. */
function Sum({ bytes, known, processes }: SumProps) {
  const note = bytes === null ? null : knownNote(known, processes);
  return (
    <>
      <Bytes value={bytes} />
      {note ? <small class="beside"> {note}</small> : null}
    </>
  );
}

function Rss({ group }: { readonly group: Pick<ProcessGroup, 'rss_bytes' | 'rss_is_upper_bound'> }) {
  return (
    <>
      {group.rss_is_upper_bound ? (
        <span class="u" title={UPPER_BOUND}>
          ≤{' '}
        </span>
      ) : null}
      <Bytes value={group.rss_bytes} />
    </>
  );
}

function FurtherCells({ view, answer, group }: GroupsTableProps & { readonly group: ProcessGroup }) {
  const { processes, known, largest } = group;
  return (
    <>
      <td class="num">
        <Sum bytes={group.pss_bytes} known={known.pss} processes={processes} />
      </td>
      <td class="num">
        <Sum bytes={group.swap_bytes} known={known.swap} processes={processes} />
      </td>
      <td class="l">
        <a href={linkTo('pid', view, { pid: largest.pid, ts: answer.ts })}>
          {shorten(shortName(largest), 24)} <span class="u">{largest.pid}</span>
        </a>{' '}
        <Bytes value={largest.rss_bytes} />
      </td>
    </>
  );
}

function changeOfGroup({ rss_bytes, base_rss_bytes }: ProcessGroup) {
  if (base_rss_bytes === undefined) return null;
  return { bytes: rss_bytes - base_rss_bytes, isNew: base_rss_bytes === 0 && rss_bytes > 0 };
}

function GroupRow({ view, answer, group }: GroupsTableProps & { readonly group: ProcessGroup }) {
  const memTotal = memTotalBytes.value;
  return (
    <tr tabIndex={-1}>
      <th scope="row" class="l col-cmd">
        <GroupName view={view} answer={answer} name={group.name} />
      </th>
      {hasCount(answer) ? <td class="num">{formatCount(group.processes)}</td> : null}
      <td class="num heat" style={shareStyle(group.rss_bytes, memTotal)}>
        <Rss group={group} />
      </td>
      {answer.base ? (
        <td class="num">
          <ChangeValue change={changeOfGroup(group)} memTotal={memTotal} label="RSS change" />
        </td>
      ) : null}
      {isNarrow.value ? null : <FurtherCells view={view} answer={answer} group={group} />}
    </tr>
  );
}

/** Where there is room for three columns, a comparison takes the place of the count. */
function hasCount({ base }: GroupsAnswer): boolean {
  return !(isNarrow.value && base);
}

function Head({ answer, label }: { readonly answer: GroupsAnswer; readonly label: string }) {
  const further = isNarrow.value ? [] : ['PSS', 'Swap'];
  const counted = hasCount(answer) ? ['Processes'] : [];
  const figures = [...counted, 'RSS', ...(answer.base ? ['Change'] : []), ...further];
  return (
    <thead>
      <tr>
        <th scope="col" class="l col-cmd">
          {label}
        </th>
        {figures.map((figure) => (
          <th key={figure} scope="col" class="num">
            <Term text={figure} />
          </th>
        ))}
        {isNarrow.value ? null : (
          <th scope="col" class="l">
            Largest process
          </th>
        )}
      </tr>
    </thead>
  );
}

function Totals({ answer }: Pick<GroupsTableProps, 'answer'>) {
  const { totals, base, groups_total } = answer;
  const { processes, known } = totals;
  return (
    <tfoot>
      <tr>
        <th scope="row" class="l">
          Total of {formatCount(groups_total)} groups
        </th>
        {hasCount(answer) ? <td class="num">{formatCount(processes)}</td> : null}
        <td class="num">
          <Rss group={{ rss_bytes: totals.rss_bytes, rss_is_upper_bound: processes > 1 }} />
        </td>
        {base ? <td /> : null}
        {isNarrow.value ? null : (
          <>
            <td class="num">
              <Sum bytes={totals.pss_bytes} known={known.pss} processes={processes} />
            </td>
            <td class="num">
              <Sum bytes={totals.swap_bytes} known={known.swap} processes={processes} />
            </td>
            <td />
          </>
        )}
      </tr>
    </tfoot>
  );
}

/** The server orders by RSS; by change where that was asked for. */
function ordered({ view, answer }: GroupsTableProps): readonly ProcessGroup[] {
  const order = answer.base ? readOrder(view.params.order) : null;
  return order ? [...answer.groups].sort(compareChanges({ ...order, id: 'change_rss' })) : answer.groups;
}

export function GroupsTable({ view, answer, label }: GroupsTableProps & { readonly label: string }) {
  return (
    <div class="table-frame">
      <table class="processes" aria-label={`Processes by ${label}`}>
        <Head answer={answer} label={label} />
        <tbody>
          {ordered({ view, answer }).map((group) => (
            <GroupRow key={group.name ?? '\0'} view={view} answer={answer} group={group} />
          ))}
        </tbody>
        <Totals answer={answer} />
      </table>
    </div>
  );
}
