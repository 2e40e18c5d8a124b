import type {
  FiguresView,
  LifeView,
  MemoryView,
  PartView,
  SessionSummaryView,
} from '../../application/view-session.ts';
import type { ComparedView, ComparisonView } from '../../application/view-session-comparison.ts';
import type { SessionsView, SessionView } from '../../application/view-sessions.ts';
import { lostBegin } from '../../domain/session.ts';
import type { Check } from '../../domain/session-thresholds.ts';
import { displayText } from '../../domain/text-notation.ts';
import { formatBytes, formatDuration } from '../../domain/units.ts';
import type { Column } from './terminal-table.ts';
import { formatColumns } from './terminal-table.ts';

/** Sessions for a terminal. */

export function countSamples(samples: number): string {
  return `${samples} sample${samples === 1 ? '' : 's'}`;
}

function signed(bytes: number | null): string {
  return bytes !== null && bytes > 0 ? `+${formatBytes(bytes)}` : formatBytes(bytes);
}

function left<Row>(head: string, cell: (row: Row) => string): Column<Row> {
  return { head, isLeft: true, cell };
}

function right<Row>(head: string, cell: (row: Row) => string): Column<Row> {
  return { head, isLeft: false, cell };
}

/** From its first sample to its last, as far as it has come. */
function recordedSeconds({ started, ended, last_sample: last }: SessionView): number | null {
  const to = ended ?? last;
  return to === null ? null : (Date.parse(to) - Date.parse(started)) / 1000;
}

const SESSION_COLUMNS: readonly Column<SessionView>[] = [
  left('NAME', ({ name }) => name),
  left('STATE', ({ state }) => state),
  left('STARTED', ({ started }) => started),
  right('DURATION', (session) => formatDuration(recordedSeconds(session))),
  right('INTERVAL', ({ interval_seconds: interval }) => `${interval} s`),
  right('SAMPLES', ({ samples }) => String(samples)),
  right('PEAK USED', ({ peak_used_bytes: peak }) => formatBytes(peak)),
  left('GROUP', ({ group }) => displayText(group ?? '–')),
  left('LABEL', ({ label, said }) => displayText([label, said].filter(Boolean).join(' · '))),
];

export function formatSessions({ sessions }: SessionsView, width: number | null): string {
  if (sessions.length === 0) return 'No sessions yet. pmi session start NAME records one.\n';
  return formatColumns(sessions, SESSION_COLUMNS, width);
}

/** The host's used memory has no PSS. */
type Figured = FiguresView & Partial<MemoryView> & { readonly label: string; readonly note: string };

const FIGURE_COLUMNS: readonly Column<Figured>[] = [
  right('MEAN', ({ mean_bytes }) => formatBytes(mean_bytes)),
  right('PEAK', ({ max_bytes }) => formatBytes(max_bytes)),
  right('GROWTH', ({ growth_bytes }) => signed(growth_bytes)),
  right('MIN', ({ min_bytes }) => formatBytes(min_bytes)),
  right('PSS MEAN', ({ pss }) => (pss ? formatBytes(pss.mean_bytes) : '')),
  right('PSS PEAK', ({ pss }) => (pss ? formatBytes(pss.max_bytes) : '')),
  right('PSS IN', ({ pss }) => (pss ? String(pss.samples) : '')),
  right('SAMPLES', ({ samples }) => String(samples)),
  left('PEAK AT', ({ peak }) => peak ?? '–'),
  right('', ({ note }) => note),
  left('', ({ label }) => label),
];

function partRow(part: PartView, kind = ''): Figured {
  const note = part.rss_is_upper_bound ? `RSS ≤, ${part.processes} processes` : '';
  return { ...part, label: displayText(kind + part.name), note };
}

function lifeRow(life: LifeView): Figured {
  const name = life.cmd ? displayText(life.cmd) : `[${displayText(life.comm)}]`;
  return { ...life, label: name, note: `pid ${life.pid}` };
}

function hostRows({ used, total, members, host }: SessionSummaryView): Figured[] {
  return [
    { ...used, label: `used memory of ${displayText(host ?? 'the host')}`, note: '' },
    ...(total ? [partRow(total, 'group ')] : []),
    ...members.map((part) => partRow(part, '  ')),
  ];
}

function section(title: string, rows: readonly Figured[], width: number | null): string {
  return rows.length === 0 ? '' : `\n${title}\n${formatColumns(rows, FIGURE_COLUMNS, width)}`;
}

function headOf({
  session,
  coverage,
  missing_group: missing,
  ambiguous,
  rejects,
}: SessionSummaryView): string {
  const { name, state, samples, label, said } = session;
  const lost = coverage ? lostBegin(session, coverage.from) : 0;
  const covered = coverage
    ? `, ${formatDuration(coverage.covered_seconds)} covered, ${coverage.gaps.length} gaps`
    : '';
  return [
    `${name}: ${state}, ${countSamples(samples)}${covered}`,
    ...(label ? [`Label: ${displayText(label)}`] : []),
    ...(said ? [`The recorder said: ${displayText(said)}`] : []),
    ...(lost > 0 ? [`Nothing is left of its first ${formatDuration(lost)}.`] : []),
    ...(missing ? [`The watch group ${displayText(missing)} is no more; the host is shown.`] : []),
    ...(ambiguous > 0 ? [`${ambiguous} processes match several members; each counts for the first.`] : []),
    ...(rejects > 0 ? [`${rejects} files or lines could not be used: pmi verify --dumps tells them.`] : []),
    '',
  ].join('\n');
}

export function formatSummary(view: SessionSummaryView, width: number | null): string {
  const { programs, programs_total, largest, grown, lives_total } = view;
  return [
    `${headOf(view)}\n`,
    formatColumns(hostRows(view), FIGURE_COLUMNS, width),
    section(
      `Programs, the largest ${programs.length} of ${programs_total}`,
      programs.map((part) => partRow(part)),
      width,
    ),
    section(`Processes, the largest ${largest.length} of ${lives_total}`, largest.map(lifeRow), width),
    section('Processes that grew most', grown.map(lifeRow), width),
  ].join('');
}

const COMPARED_COLUMNS: readonly Column<ComparedView>[] = [
  right('MEAN A', ({ a }) => formatBytes(a.mean_bytes)),
  right('MEAN B', ({ b }) => formatBytes(b.mean_bytes)),
  right('DELTA', ({ mean_delta_bytes: delta }) => signed(delta)),
  right('PEAK A', ({ a }) => formatBytes(a.max_bytes)),
  right('PEAK B', ({ b }) => formatBytes(b.max_bytes)),
  right('DELTA', ({ peak_delta_bytes: delta }) => signed(delta)),
  right('PSS A', ({ a, kind }) => (kind === 'host' ? '' : formatBytes(a.pss.mean_bytes))),
  right('PSS B', ({ b, kind }) => (kind === 'host' ? '' : formatBytes(b.pss.mean_bytes))),
  right('DELTA', ({ kind, pss_mean_delta_bytes: delta }) => (kind === 'host' ? '' : signed(delta))),
  left('KIND', ({ kind }) => kind),
  left('', ({ rss_is_upper_bound: isBound }) => (isBound ? 'RSS ≤' : '')),
  left('NAME', ({ name }) => displayText(name)),
];

function checkLine({ verdict, threshold, text }: Check): string {
  return `${verdict.toUpperCase().padEnd('INCONCLUSIVE'.length)}  ${threshold.replace('_', '-')}: ${text}\n`;
}

function verdictText({ verdict, subject, checks, b }: ComparisonView): string {
  if (verdict === null) return '';
  const about = subject.kind === 'host' ? 'the used memory' : `${subject.kind} ${displayText(subject.name)}`;
  return `\n${verdict.toUpperCase()} for ${about} of ${b.name}\n${checks.map(checkLine).join('')}`;
}

export function formatComparison(view: ComparisonView, width: number | null): string {
  const { a, b, rows, programs_total } = view;
  const shown = rows.filter(({ kind }) => kind === 'program').length;
  const rest = shown < programs_total ? `${programs_total - shown} more programs: --limit N\n` : '';
  const head = `A ${a.name} (${a.state}, ${countSamples(a.samples)})  B ${b.name} (${b.state}, ${countSamples(b.samples)})\n\n`;
  return `${head}${formatColumns(rows, COMPARED_COLUMNS, width)}${rest}${verdictText(view)}`;
}
