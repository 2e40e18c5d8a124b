import { displayText } from '../../server/domain/text-notation.ts';
import type { ComparedItem, ComparisonAnswer } from '../../server/interfaces/http/schemas/sessions.ts';
import { CompareForm } from '../components/compare-form.tsx';
import { ExportMenu } from '../components/export-menu.tsx';
import { Bytes } from '../components/figures.tsx';
import { PageHead } from '../components/page-head.tsx';
import type { PlainColumn } from '../components/plain-table.tsx';
import { PlainTable } from '../components/plain-table.tsx';
import { usePagePicture } from '../components/use-page-picture.ts';
import { formatChange } from '../lib/bytes.ts';
import { formatCount } from '../lib/numbers.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf, linkTo } from '../state.ts';
import type { SessionsProps } from './sessions-props.ts';

/** Two sessions side by side. */

interface ComparisonProps extends SessionsProps {
  readonly comparison: ComparisonAnswer;
}

const VERDICT_TEXT = {
  pass: 'PASS',
  fail: 'FAIL',
  inconclusive: 'INCONCLUSIVE',
} as const;

type Check = ComparisonAnswer['checks'][number];

const CHECK_COLUMNS: readonly [PlainColumn<Check>, PlainColumn<Check>] = [
  {
    head: 'Verdict',
    isText: true,
    cell: ({ verdict }) => <b class={verdict === 'pass' ? undefined : 'hurting'}>{VERDICT_TEXT[verdict]}</b>,
  },
  { head: 'What was found', isText: true, cell: ({ text }) => text },
];

function Verdict({ comparison: { verdict, subject, checks, b } }: { readonly comparison: ComparisonAnswer }) {
  if (verdict === null)
    return <p class="muted">No threshold is set: write one below, and B is held against it.</p>;
  const about =
    subject.kind === 'host' ? 'the host’s used memory' : `the ${subject.kind} ${displayText(subject.name)}`;
  return (
    <section class="verdict" data-verdict={verdict}>
      <h2>
        {VERDICT_TEXT[verdict]}{' '}
        <span class="muted">
          for {about} in {b.name}
        </span>
      </h2>
      <PlainTable
        label="Thresholds"
        rows={checks}
        keyOf={({ threshold }) => threshold}
        columns={CHECK_COLUMNS}
      />
    </section>
  );
}

interface RowProps {
  readonly view: View;
  readonly row: ComparedItem;
  /** Of all rows of its kind the largest difference. */
  readonly largest: number;
}

/** To the right of the middle: more than before. The sign says the same in words. */
function DeltaBar({ delta, largest }: { readonly delta: number | null; readonly largest: number }) {
  const share = delta === null || largest === 0 ? 0 : Math.abs(delta) / largest;
  const side = delta !== null && delta < 0 ? 'less' : 'more';
  return (
    <span class="delta-bar" aria-hidden="true">
      <span data-side={side} style={{ '--share': `${(share * 50).toFixed(2)}%` }} />
    </span>
  );
}

function Name({ view, row: { kind, name } }: Pick<RowProps, 'view' | 'row'>) {
  const shown = displayText(name);
  if (kind === 'host') return <>Used memory of the host</>;
  if (kind === 'group') return <>Group {shown}</>;
  const judged = changeView(view, { member: null, program: null, [kind]: name });
  return (
    <a href={hrefOf(judged)} title={`Hold ${shown} against the thresholds`}>
      {shown}
    </a>
  );
}

function Change({ bytes, kind = 'num' }: { readonly bytes: number | null; readonly kind?: string }) {
  return <td class={kind}>{bytes === null ? <span class="unknown">–</span> : formatChange(bytes)}</td>;
}

const PSS = 'Mean PSS';

function ComparedRow({ view, row, largest }: RowProps) {
  const { a, b, mean_delta_bytes: mean, peak_delta_bytes: peak } = row;
  const isHost = row.kind === 'host';
  return (
    <tr>
      <td class="num opt">
        <Bytes value={a.mean_bytes} label="Mean in A" />
      </td>
      <td class="num opt">
        <Bytes value={b.mean_bytes} label="Mean in B" />
      </td>
      <Change bytes={mean} />
      <td class="delta-cell">
        <DeltaBar delta={mean} largest={largest} />
      </td>
      <td class="num opt">
        <Bytes value={a.max_bytes} label="Peak in A" />
      </td>
      <td class="num opt">
        <Bytes value={b.max_bytes} label="Peak in B" />
      </td>
      <Change bytes={peak} />
      <td class="num opt">{isHost ? null : <Bytes value={a.pss.mean_bytes} label={`${PSS} in A`} />}</td>
      <td class="num opt">{isHost ? null : <Bytes value={b.pss.mean_bytes} label={`${PSS} in B`} />}</td>
      {isHost ? <td class="opt" /> : <Change bytes={row.pss_mean_delta_bytes} kind="num opt" />}
      <th scope="row" class="l">
        <Name view={view} row={row} />
        {row.rss_is_upper_bound ? <small class="muted"> RSS ≤</small> : null}
        {a.samples === 0 ? <span class="tag beside">only in B</span> : null}
        {b.samples === 0 ? <span class="tag beside">only in A</span> : null}
      </th>
    </tr>
  );
}

const HEADS: readonly (readonly [label: string, kind: string])[] = [
  ['Mean in A', 'opt'],
  ['Mean in B', 'opt'],
  ['Mean, B − A', ''],
  ['Less – more', 'delta-cell'],
  ['Peak in A', 'opt'],
  ['Peak in B', 'opt'],
  ['Peak, B − A', ''],
  ['PSS in A', 'opt'],
  ['PSS in B', 'opt'],
  ['PSS, B − A', 'opt'],
];

function ComparedTable({ view, label, rows }: { view: View; label: string; rows: readonly ComparedItem[] }) {
  const largest = Math.max(...rows.map(({ mean_delta_bytes: delta }) => Math.abs(delta ?? 0)));
  const picture = usePagePicture<HTMLTableElement>(label);
  return (
    <div class="table-frame">
      <table ref={picture} class="session-compared" aria-label={label}>
        <thead>
          <tr>
            {HEADS.map(([head, kind]) => (
              <th key={head} scope="col" class={kind}>
                {head}
              </th>
            ))}
            <th scope="col" class="l">
              What
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <ComparedRow key={`${row.kind} ${row.name}`} view={view} row={row} largest={largest} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SessionLink({ view, session: { name, label } }: { view: View; session: ComparisonAnswer['a'] }) {
  return (
    <>
      <a href={linkTo('sessions', view, { name })}>{name}</a>
      {label ? ` (${displayText(label)})` : ''}
    </>
  );
}

export function SessionComparison({ view, answer, comparison }: ComparisonProps) {
  const { a, b, rows, programs_total, missing_group: missing } = comparison;
  const programs = rows.filter(({ kind }) => kind === 'program');
  const others = rows.filter(({ kind }) => kind !== 'program');
  const title = `Programs: the ${programs.length} of ${formatCount(programs_total)} that differ most`;
  return (
    <>
      <PageHead title={`${a.name} against ${b.name}`}>
        <span class="in-text">
          A is <SessionLink view={view} session={a} />, B is <SessionLink view={view} session={b} /> ·{' '}
          <a href={linkTo('sessions', view)}>all sessions</a>
        </span>
      </PageHead>
      {missing === null ? null : (
        <p class="note">The watch group {displayText(missing)} is no more; the host is compared.</p>
      )}
      <Verdict comparison={comparison} />
      <CompareForm view={view} names={answer.sessions.map(({ name }) => name)} a={a.name} b={b.name} />
      <div class="toolbar">
        <h2>Host and watch group</h2>
        <span class="grow" />
        <ExportMenu view={view} answer={answer} />
      </div>
      <ComparedTable view={view} label="Host and watch group" rows={others} />
      <section class="block">
        <h2>{title}</h2>
        <ComparedTable view={view} label={title} rows={programs} />
      </section>
    </>
  );
}
