import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { lostBegin } from '../../server/domain/session.ts';
import { displayText } from '../../server/domain/text-notation.ts';
import { formatDuration } from '../../server/domain/units.ts';
import type {
  SessionAnswer,
  SessionFiguresItem,
  SessionLifeItem,
} from '../../server/interfaces/http/schemas/sessions.ts';
import { ChartFigure } from '../components/chart-figure.tsx';
import { ExportMenu } from '../components/export-menu.tsx';
import type { Fact } from '../components/facts.tsx';
import { Facts } from '../components/facts.tsx';
import { Bytes, Moment } from '../components/figures.tsx';
import { PageHead } from '../components/page-head.tsx';
import type { FigureRow } from '../components/session-figures.tsx';
import { FigureTable } from '../components/session-figures.tsx';
import { Recording } from '../components/session-recording.tsx';
import { STATE_TEXT } from '../components/session-table.tsx';
import type { ChartSpec } from '../lib/chart-spec.ts';
import { countOf, formatCount, formatShare } from '../lib/numbers.ts';
import { unit, zone } from '../lib/reader.ts';
import { adjustView } from '../navigation.ts';
import type { View } from '../state.ts';
import { linkTo, readSet, toggleInSet } from '../state.ts';
import { buildHostChart, buildMembersChart, hostSummary, membersSummary } from './session-charts.ts';
import type { SessionsProps } from './sessions-props.ts';

/** What one session held. */

interface SummaryProps extends SessionsProps {
  readonly summary: SessionAnswer;
}

function sessionFacts({ session, coverage, group }: SessionAnswer): readonly Fact[] {
  const { state, label, started, ended, interval_seconds, duration_seconds, samples, bytes, said } = session;
  const covered = coverage
    ? `${formatDuration(coverage.covered_seconds)} (${formatShare(coverage.covered_ratio)}), ${countOf(coverage.gaps.length, 'gap', 'gaps')}`
    : 'nothing';
  return [
    ['State', STATE_TEXT[state]],
    ...(label ? [['Label', displayText(label)] as const] : []),
    ['Started', <Moment key="started" at={started} />],
    ['Ended', ended === null ? 'not yet' : <Moment key="ended" at={ended} beside={started} />],
    [
      'Samples',
      `${formatCount(samples)}, one every ${interval_seconds} s for ${formatDuration(duration_seconds)}`,
    ],
    ['Covered', covered],
    ['On disk', <Bytes key="bytes" value={bytes} />],
    ['Watch group', group === null ? 'none: the host' : displayText(group)],
    ...(said ? [['The recorder said', displayText(said)] as const] : []),
  ];
}

function Notes({ summary }: { readonly summary: SessionAnswer }) {
  const { session, coverage, missing_group: missing, ambiguous, rejects } = summary;
  const lost = coverage ? lostBegin(session, coverage.from) : 0;
  return (
    <>
      {lost > 0 ? (
        <p class="note hurt">
          Nothing is left of its first {formatDuration(lost)}: dumps were removed, as for lack of space.
        </p>
      ) : null}
      {missing === null ? null : (
        <p class="note">The watch group {displayText(missing)} is no more; the host is shown.</p>
      )}
      {ambiguous > 0 ? (
        <p class="note">
          {countOf(ambiguous, 'process matches', 'processes match')} several members of the group; each counts
          for the first.
        </p>
      ) : null}
      {rejects > 0 ? (
        <p class="note hurt">
          {countOf(rejects, 'file or line', 'files or lines')} could not be used:{' '}
          <code>pmi verify --dumps</code> over its folder tells them.
        </p>
      ) : null}
    </>
  );
}

interface FigureProps {
  readonly view: View;
  readonly title: string;
  readonly spec: ChartSpec;
  readonly summary: string;
}

/** Its dumps are not in the history that is served: a click leads nowhere, a zoom is the chart's own. */
const STILL = { onPoint: () => undefined, onZoom: () => undefined, onReset: () => undefined };

function SessionFigure({ view, title, spec, summary }: FigureProps) {
  return (
    <ChartFigure
      title={title}
      hint="drag to zoom"
      spec={spec}
      summary={summary}
      hidden={readSet(view, 'hide')}
      onToggle={(id) => adjustView(toggleInSet(view, 'hide', id))}
      events={STILL}
    />
  );
}

function Charts({ view, summary }: { readonly view: View; readonly summary: SessionAnswer }) {
  const host = useMemo(() => buildHostChart(summary), [summary, unit.value, zone.value]);
  const members = useMemo(() => buildMembersChart(summary), [summary, unit.value, zone.value]);
  if (summary.series.t.length === 0) return <p class="muted">No sample is on disk yet.</p>;
  return (
    <div class="session-charts">
      <SessionFigure view={view} title="Used memory of the host" spec={host} summary={hostSummary(summary)} />
      {members.lines.length > 0 ? (
        <SessionFigure
          view={view}
          title="RSS of the watch group"
          spec={members}
          summary={membersSummary(summary)}
        />
      ) : null}
    </div>
  );
}

function partRow(part: SessionFiguresItem, kind: string): FigureRow {
  const note = part.rss_is_upper_bound ? `RSS ≤, up to ${part.processes} processes` : undefined;
  return { id: `${kind} ${part.name}`, name: `${kind}${displayText(part.name)}`, note, figures: part };
}

function lifeRow(life: SessionLifeItem): FigureRow {
  const name = life.cmd ? displayText(life.cmd) : `[${displayText(life.comm)}]`;
  const shown = (
    <>
      <small class="muted">pid {life.pid}</small>{' '}
      <span class="cmd" title={name}>
        {name}
      </span>
    </>
  );
  return { id: life.key, name: shown, figures: life };
}

function partRows({ used, total, members }: SessionAnswer): readonly FigureRow[] {
  return [
    { id: 'used', name: 'Used memory of the host', figures: used },
    ...(total ? [partRow(total, 'Group ')] : []),
    ...members.map((part) => partRow(part, '')),
  ];
}

function Tables({ summary }: { readonly summary: SessionAnswer }) {
  const { programs, programs_total, largest, grown, lives_total, session } = summary;
  const tables = [
    { title: 'Host and watch group', head: 'What', rows: partRows(summary) },
    {
      title: `Programs: the largest ${programs.length} of ${formatCount(programs_total)}`,
      head: 'Program',
      rows: programs.map((part) => partRow(part, '')),
    },
    {
      title: `Processes: the largest ${largest.length} of ${formatCount(lives_total)}`,
      head: 'Process',
      rows: largest.map(lifeRow),
    },
    { title: 'Processes that grew most', head: 'Process', rows: grown.map(lifeRow) },
  ];
  return (
    <>
      {tables
        .filter(({ rows }) => rows.length > 0)
        .map(({ title, head, rows }) => (
          <section key={head + title} class="block">
            <h2>{title}</h2>
            <FigureTable label={title} head={head} rows={rows} beside={session.started} />
          </section>
        ))}
    </>
  );
}

/** The answer as text, for a note or an issue. */
function CopyJson({ summary }: { readonly summary: SessionAnswer }) {
  const said = useSignal('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(JSON.stringify(summary, null, 2));
      said.value = 'Copied.';
    } catch {
      said.value = 'The browser does not let this page write to the clipboard.';
    }
  };
  return (
    <>
      <button type="button" class="btn" onClick={() => void copy()}>
        Copy JSON
      </button>
      <span class="muted" role="status">
        {said.value}
      </span>
    </>
  );
}

export function SessionSummary({ view, answer, summary }: SummaryProps) {
  const { session, group } = summary;
  const series = new URLSearchParams({ format: 'csv', ...(group === null ? {} : { group }) });
  return (
    <>
      <PageHead title={`Session ${session.name}`}>
        <a href={linkTo('sessions', view)}>← all sessions</a>
      </PageHead>
      {session.state === 'recording' ? <Recording session={session} serverNow={answer.now} /> : null}
      <Notes summary={summary} />
      <div class="toolbar">
        <a class="btn" href={`/api/v1/sessions/${session.name}/series?${series}`} download>
          Every sample as CSV
        </a>
        <CopyJson summary={summary} />
        <span class="grow" />
        <ExportMenu view={view} answer={{ ...answer, now: session.started }} />
      </div>
      <Facts facts={sessionFacts(summary)} />
      <Charts view={view} summary={summary} />
      <Tables summary={summary} />
    </>
  );
}
