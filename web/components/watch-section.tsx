import { displayText } from '../../server/domain/text-notation.ts';
import type { Totals } from '../../server/domain/totals.ts';
import { WATCH_RULE_FIELDS } from '../../server/domain/watch-group.ts';
import type { WatchGroupsAnswer } from '../../server/interfaces/http/schemas/watch-groups.ts';
import { countOf, formatCount, knownNote, UPPER_BOUND } from '../lib/numbers.ts';
import { shorten, shortName } from '../lib/process-text.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf, linkTo } from '../state.ts';
import { Bytes } from './figures.tsx';
import { Term } from './term.tsx';
import { WatchRegions } from './watch-regions.tsx';

/** One watch group: its members, what each has in the sample, and what is ambiguous. */

type Group = WatchGroupsAnswer['groups'][number];
type Member = Group['members'][number];

interface SectionProps {
  readonly view: View;
  readonly group: Group;
  /** `null`: nothing has been recorded. */
  readonly ts: string | null;
}

const MOST_LINKS = 3;
const MOST_NAME = 24;

function Rule({ rule }: Member) {
  const given = WATCH_RULE_FIELDS.filter(({ id }) => rule[id] !== undefined);
  return (
    <>
      {given.map(({ id, label }, at) => (
        <span key={id} class="rule">
          {at > 0 ? <span class="u"> and </span> : null}
          <span class="u">{label}</span> <span class="cmd">{displayText(String(rule[id]))}</span>
        </span>
      ))}
    </>
  );
}

function Rss({ totals }: { readonly totals: Totals }) {
  return (
    <>
      {totals.processes > 1 ? (
        <span class="u" title={UPPER_BOUND}>
          ≤{' '}
        </span>
      ) : null}
      <Bytes value={totals.rss_bytes} label="RSS" />
    </>
  );
}

function Pss({ totals: { pss_bytes, known, processes } }: { readonly totals: Totals }) {
  const note = pss_bytes === null ? null : knownNote(known.pss, processes);
  return (
    <>
      <Bytes value={pss_bytes} label="PSS" />
      {note ? <small class="beside"> {note}</small> : null}
    </>
  );
}

/** Processes, RSS and PSS; unknown where there is no sample. */
function SumCells({ totals }: { readonly totals: Totals | null }) {
  if (!totals)
    return (
      <>
        {['processes', 'rss', 'pss'].map((figure) => (
          <td key={figure} class="num">
            <span class="unknown">–</span>
          </td>
        ))}
      </>
    );
  return (
    <>
      <td class="num">
        {totals.processes === 0 ? <span class="muted">not running</span> : formatCount(totals.processes)}
      </td>
      <td class="num">
        <Rss totals={totals} />
      </td>
      <td class="num opt">
        <Pss totals={totals} />
      </td>
    </>
  );
}

function Largest({
  view,
  ts,
  member,
}: {
  readonly view: View;
  readonly ts: string | null;
  readonly member: Member;
}) {
  const more = (member.totals?.processes ?? 0) - MOST_LINKS;
  return (
    <>
      {member.largest.slice(0, MOST_LINKS).map((row) => (
        <a key={row.key} class="one" href={linkTo('pid', view, { pid: row.pid, ts, watch: null })}>
          {shorten(shortName(row), MOST_NAME)} <span class="u">{row.pid}</span>
        </a>
      ))}
      {more > 0 ? <span class="muted">and {formatCount(more)} more</span> : null}
    </>
  );
}

function MemberRow({
  view,
  ts,
  member,
}: {
  readonly view: View;
  readonly ts: string | null;
  readonly member: Member;
}) {
  return (
    <tr>
      <th scope="row" class="l">
        {member.name}
      </th>
      <td class="l rules">
        <Rule {...member} />
      </td>
      <SumCells totals={member.totals} />
      <td class="l opt">
        <Largest view={view} ts={ts} member={member} />
      </td>
    </tr>
  );
}

const HEAD = [
  { label: 'Member', place: 'l' },
  { label: 'Rule', place: 'l' },
  { label: 'Processes', place: 'num' },
  { label: 'RSS', place: 'num' },
  { label: 'PSS', place: 'num opt' },
  { label: 'Largest processes', place: 'l opt' },
];

function MemberTable({ view, group, ts }: SectionProps) {
  return (
    <div class="table-frame">
      <table class="watch-members" aria-label={`Members of ${group.name}`}>
        <thead>
          <tr>
            {HEAD.map(({ label, place }) => (
              <th key={label} scope="col" class={place}>
                <Term text={label} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {group.members.map((member) => (
            <MemberRow key={member.name} view={view} ts={ts} member={member} />
          ))}
        </tbody>
        {group.members.length > 1 ? (
          <tfoot>
            <tr>
              <th scope="row" class="l">
                Total
              </th>
              <td class="l rules muted">each process once</td>
              <SumCells totals={group.totals} />
              <td class="opt" />
            </tr>
          </tfoot>
        ) : null}
      </table>
    </div>
  );
}

/** Processes that several members match: for which one they count, said in words. */
function Ambiguity({ view, group: { ambiguous, ambiguous_total }, ts }: SectionProps) {
  if (ambiguous_total === 0) return null;
  const verb = ambiguous_total === 1 ? 'matches' : 'match';
  return (
    <details class="gaps">
      <summary>
        {countOf(ambiguous_total, 'process', 'processes')} {verb} several members, and{' '}
        {ambiguous_total === 1 ? 'counts' : 'count'} for the first
      </summary>
      <ul class="plain">
        {ambiguous.map(({ process, members }) => (
          <li key={process.key}>
            <a href={linkTo('pid', view, { pid: process.pid, ts, watch: null })}>
              {shorten(shortName(process), MOST_NAME)} <span class="u">{process.pid}</span>
            </a>{' '}
            <span class="muted">
              counts for {members[0]}, not for {members.slice(1).join(', ')}
            </span>
          </li>
        ))}
        {ambiguous_total > ambiguous.length ? (
          <li class="muted">and {formatCount(ambiguous_total - ambiguous.length)} more</li>
        ) : null}
      </ul>
    </details>
  );
}

/** @param isDrawn its timeline is on the page */
export function WatchSection(props: SectionProps & { readonly isDrawn: boolean }) {
  const { view, group, ts, isDrawn } = props;
  const { name } = group;
  return (
    <section class="block watch-group" aria-label={name}>
      <div class="toolbar">
        <h2>{name}</h2>
        <a class="btn" href={linkTo('snapshot', view, { ts, watch: name })}>
          Snapshot
        </a>
        <a
          class="btn"
          href={hrefOf(changeView(view, { watch: name, edit: null }))}
          aria-current={isDrawn ? 'true' : undefined}
        >
          Timeline
        </a>
        <a class="btn" href={hrefOf(changeView(view, { edit: name }))} aria-label={`Edit ${name}`}>
          Edit
        </a>
      </div>
      <MemberTable {...props} />
      <Ambiguity {...props} />
      <WatchRegions group={group} view={view} />
    </section>
  );
}
