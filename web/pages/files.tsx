import { Fragment } from 'preact';
import type { DumpFilter, DumpState } from '../../server/domain/dump-state.ts';
import { LIMIT } from '../../server/domain/process-filter.ts';
import { displayText } from '../../server/domain/text-notation.ts';
import type { FilesAnswer } from '../../server/interfaces/http/schemas/files.ts';
import { useBeside } from '../beside.ts';
import { ExportMenu } from '../components/export-menu.tsx';
import { Moment } from '../components/figures.tsx';
import { PageHead } from '../components/page-head.tsx';
import { countOf, formatCount } from '../lib/numbers.ts';
import type { View } from '../state.ts';
import { changeView, dataHrefOf, hrefOf } from '../state.ts';

/** The dumps of the folder, and what of them could not be used. */

interface FilesProps {
  readonly view: View;
  readonly answer: FilesAnswer;
}

type Dump = FilesAnswer['dumps'][number];

const STATES: Readonly<Record<DumpState, string>> = {
  pending: 'waiting to be read',
  read: 'read',
  sealed: 'read, and kept in the index',
  incomplete: 'used in part',
  rejected: 'not used',
};

const KINDS: Readonly<Record<Dump['kind'], string>> = {
  pair: '',
  process: 'no system file beside it',
  system: 'no process file beside it',
  other: 'not a dump',
};

const TABS: readonly { readonly state: DumpFilter | null; readonly label: string }[] = [
  { state: null, label: 'All' },
  { state: 'damaged', label: 'Damaged' },
  { state: 'pending', label: 'Waiting' },
];

function Tab({ view, answer, state, label }: FilesProps & (typeof TABS)[number]) {
  const target = changeView(view, { state, limit: null });
  const isHere = (view.params.state ?? null) === state;
  const counted = dataHrefOf(changeView(view, { state, limit: 1 }), 'json');
  const beside = useBeside<FilesAnswer>(isHere ? null : counted);
  const total = isHere ? answer.total : beside?.total;
  return (
    <a href={hrefOf(target)} aria-current={isHere ? 'page' : undefined}>
      {label} <span class="u">{total === undefined ? '' : `(${formatCount(total)})`}</span>
    </a>
  );
}

function isDamaged({ state }: Dump): boolean {
  return state === 'incomplete' || state === 'rejected';
}

/** `file:line:column`, as the command line tells it, and why. */
function Reasons({ dump }: { readonly dump: Dump }) {
  return (
    <tr class="why">
      <td class="l" colSpan={5}>
        <ul>
          {dump.reasons.map(({ file, line, column, reason }) => (
            <li key={`${file}:${line}:${column}:${reason}`}>
              <span class="cmd">
                {[displayText(file), line, column].filter((part) => part !== null).join(':')}
              </span>{' '}
              {displayText(reason)}
            </li>
          ))}
        </ul>
      </td>
    </tr>
  );
}

function DumpRow({ dump }: { readonly dump: Dump }) {
  const { name, instant, state, kind, rows, rejected_rows } = dump;
  return (
    <tr>
      <th scope="row" class="l">
        <span class="cmd whole">{displayText(name)}</span>
      </th>
      <td class="l opt">{instant === null ? <span class="unknown">–</span> : <Moment at={instant} />}</td>
      <td class="l">
        {isDamaged(dump) ? <b class="hurting">{STATES[state]}</b> : STATES[state]}
        {KINDS[kind] ? <small class="muted"> {KINDS[kind]}</small> : null}
      </td>
      <td class="num opt">{rows === null ? <span class="unknown">–</span> : formatCount(rows)}</td>
      <td class="num opt">{formatCount(rejected_rows)}</td>
    </tr>
  );
}

function DumpTable({ dumps }: { readonly dumps: readonly Dump[] }) {
  return (
    <div class="table-frame">
      <table class="dumps" aria-label="Dumps">
        <thead>
          <tr>
            <th scope="col" class="l">
              File
            </th>
            <th scope="col" class="l opt">
              Instant
            </th>
            <th scope="col" class="l">
              State
            </th>
            <th scope="col" class="opt">
              Processes
            </th>
            <th scope="col" class="opt">
              Rows left out
            </th>
          </tr>
        </thead>
        <tbody>
          {dumps.map((dump) => (
            <Fragment key={dump.name}>
              <DumpRow dump={dump} />
              {dump.reasons.length > 0 ? <Reasons dump={dump} /> : null}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What can be done about damage: mostly nothing needs to be. */
function WhatNext({ answer }: { readonly answer: FilesAnswer }) {
  const { rejected_files, rejected_rows } = answer;
  if (rejected_files + rejected_rows === 0) return null;
  return (
    <section class="note files-next">
      <p>
        {countOf(rejected_files, 'complaint', 'complaints')} about whole files,{' '}
        {countOf(rejected_rows, 'row', 'rows')} left out. What is whole of a damaged dump is used; the rest is
        as if it had not been recorded.
      </p>
      <p>
        A dump that ends too early was mostly being written when its machine stopped: nothing to do. Where a
        copy was cut short, copy it again. <code>pmi verify</code> reads all of them anew and compares them
        with their commit records; what you want out of sight you may move out of the folder.
      </p>
    </section>
  );
}

function Nothing({ view }: Pick<FilesProps, 'view'>) {
  const texts: Readonly<Record<string, string>> = {
    damaged: 'Nothing is damaged.',
    pending: 'Nothing is waiting: every dump has been read.',
  };
  return <p class="empty">{texts[view.params.state ?? ''] ?? 'No dumps here.'}</p>;
}

export function FilesPage({ view, answer }: FilesProps) {
  const { dumps, total, shown } = answer;
  return (
    <>
      <PageHead title="Files">
        Dumps in <span class="cmd">{displayText(answer.folder)}</span>, newest first
      </PageHead>
      <nav class="tabs" aria-label="Which dumps">
        {TABS.map((tab) => (
          <Tab key={tab.label} view={view} answer={answer} {...tab} />
        ))}
      </nav>
      <WhatNext answer={answer} />
      <div class="toolbar">
        <h2>{countOf(total, 'dump', 'dumps')}</h2>
        {shown < total ? (
          <p class="note">
            {formatCount(shown)} shown.{' '}
            <a href={hrefOf(changeView(view, { limit: Math.min(total, LIMIT.max) }))}>Show all</a>
          </p>
        ) : null}
        <span class="grow" />
        <ExportMenu view={view} answer={answer} />
      </div>
      {dumps.length > 0 ? <DumpTable dumps={dumps} /> : <Nothing view={view} />}
    </>
  );
}
