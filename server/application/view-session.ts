import { valuesAlong } from '../domain/downsample.ts';
import type { SessionFigures } from '../domain/session-figures.ts';
import type { SessionLife, SessionPart, SessionSummary } from '../domain/session-summary.ts';
import { formatInstant } from '../domain/stamp.ts';
import { coveredRatio, findGaps } from '../domain/timeline.ts';
import type { WatchGroup } from '../domain/watch-group.ts';
import type { FoundSession, Sessions } from './session-ports.ts';
import type { SessionReading } from './session-reading.ts';
import type { SessionReadings } from './session-readings.ts';
import type { GapView } from './time-series.ts';
import { gapViews, plotAxis, stepOf } from './time-series.ts';
import type { SessionView } from './view-sessions.ts';
import { sessionView } from './view-sessions.ts';
import { chooseWatchGroup } from './watched-processes.ts';

/** What a session held, for a page. */

export interface FiguresView {
  /** In which it was there; of the host: known. */
  readonly samples: number;
  readonly first_bytes: number | null;
  readonly last_bytes: number | null;
  readonly min_bytes: number | null;
  readonly mean_bytes: number | null;
  readonly max_bytes: number | null;
  readonly growth_bytes: number | null;
  /** When it was largest. */
  readonly peak: string | null;
}

/** The figures are of RSS. */
export interface MemoryView extends FiguresView {
  /** Over the samples in which it was read of each process of it. */
  readonly pss: FiguresView;
}

export interface PartView extends MemoryView {
  readonly name: string;
  readonly processes: number;
  readonly rss_is_upper_bound: boolean;
}

export interface LifeView extends MemoryView {
  readonly key: string;
  readonly pid: number;
  readonly cmd: string | null;
  readonly comm: string | null;
  readonly user: string | null;
}

export interface SessionSummaryView {
  readonly session: SessionView;
  readonly host: string | null;
  /** The watch group that is shown, if any. */
  readonly group: string | null;
  /** The session's group where there is none of that name any more. */
  readonly missing_group: string | null;
  readonly coverage: {
    readonly from: string;
    readonly to: string;
    readonly samples: number;
    readonly covered_seconds: number;
    readonly covered_ratio: number;
    readonly gaps: GapView[];
  } | null;
  readonly rejects: number;
  readonly used: FiguresView;
  readonly total: PartView | null;
  readonly members: PartView[];
  readonly ambiguous: number;
  readonly programs: PartView[];
  readonly programs_total: number;
  /** By peak, and by growth. */
  readonly largest: LifeView[];
  readonly grown: LifeView[];
  readonly lives_total: number;
  readonly series: {
    readonly t: number[];
    readonly used_bytes: (number | null)[];
    readonly members: { readonly name: string; readonly rss_bytes: (number | null)[] }[];
  };
  readonly step_ms: number | null;
  readonly raw_points: number;
}

export interface SessionRequest {
  readonly name: string;
  /** In place of the session's own. */
  readonly group?: string | undefined;
  readonly px: number;
}

/** What the views of sessions are made of. */
export interface SessionSources {
  readonly sessions: Sessions;
  readonly readings: SessionReadings;
  readonly groups: () => readonly WatchGroup[];
}

const MOST_ROWS = 20;

function figuresView(figures: SessionFigures | null): FiguresView {
  return {
    samples: figures?.samples ?? 0,
    first_bytes: figures?.first ?? null,
    last_bytes: figures?.last ?? null,
    min_bytes: figures?.min ?? null,
    mean_bytes: figures?.mean ?? null,
    max_bytes: figures?.max ?? null,
    growth_bytes: figures?.growth ?? null,
    peak: figures && formatInstant(figures.peak),
  };
}

export function memoryView({ figures, pss }: Pick<SessionPart, 'figures' | 'pss'>): MemoryView {
  return { ...figuresView(figures), pss: figuresView(pss) };
}

function partView({ name, processes, ...memory }: SessionPart): PartView {
  return { name, processes, rss_is_upper_bound: processes > 1, ...memoryView(memory) };
}

function lifeView({ figures, pss, ...life }: SessionLife): LifeView {
  return { ...life, ...memoryView({ figures, pss }) };
}

/** Kernel threads hold no memory of their own. */
export function holdsMemory({ figures }: { readonly figures: SessionFigures | null }): boolean {
  return (figures?.max ?? 0) > 0;
}

function partsOf({ used, group, ambiguous, ...all }: SessionSummary) {
  const [programs, lives] = [all.programs.filter(holdsMemory), all.lives.filter(holdsMemory)];
  const grown = lives.filter(({ figures }) => (figures.growth ?? 0) > 0);
  grown.sort((a, b) => (b.figures.growth ?? 0) - (a.figures.growth ?? 0));
  return {
    used: figuresView(used),
    total: group && partView(group.total),
    members: (group?.members ?? []).map(partView),
    ambiguous,
    programs: programs.slice(0, MOST_ROWS).map(partView),
    programs_total: programs.length,
    largest: lives.slice(0, MOST_ROWS).map(lifeView),
    grown: grown.slice(0, MOST_ROWS).map(lifeView),
    lives_total: lives.length,
  };
}

function coverageOf({ spine }: SessionReading): SessionSummaryView['coverage'] {
  const [from, to] = [spine.t[0], spine.t.at(-1)];
  if (from === undefined || to === undefined) return null;
  const gaps = findGaps(spine);
  const ratio = coveredRatio(from, to, gaps);
  return {
    from: formatInstant(from),
    to: formatInstant(to),
    samples: spine.t.length,
    covered_seconds: (ratio * (to - from)) / 1000,
    covered_ratio: ratio,
    gaps: gapViews(gaps),
  };
}

function seriesOf({ spine, lines, summary }: SessionReading, px: number) {
  const { t } = spine;
  const axis = plotAxis(t, [lines.used, ...lines.members], findGaps(spine), px);
  const names = (summary.group?.members ?? []).map(({ name }) => name);
  const members = names.map((name, at) => ({ name, rss_bytes: valuesAlong(axis, lines.members[at]) }));
  const range = { from: t[0] ?? 0, to: t.at(-1) ?? 0 };
  return {
    series: { t: [...axis.t], used_bytes: valuesAlong(axis, lines.used), members },
    step_ms: stepOf(t, range, axis.method, { px }),
    raw_points: t.length,
  };
}

/** The group that is asked for, else the one that was recorded for. @throws MemoryInspectorError `no_such_group` */
export function chooseGroup(
  groups: readonly WatchGroup[],
  asked: string | undefined,
  planned: string | null,
): { readonly group: WatchGroup | null; readonly missing: string | null } {
  if (asked !== undefined) return { group: chooseWatchGroup(groups, asked, 'group'), missing: null };
  const group = groups.find(({ name }) => name === planned) ?? null;
  return { group, missing: group ? null : planned };
}

/**
 * What a session held, until now where it still records.
 * @throws MemoryInspectorError `no_such_session`, `no_such_group`, `bad_parameter`, `bad_file`; the signal's reason
 */
export async function viewSession(
  { sessions, readings, groups }: SessionSources,
  { name, group: asked, px }: SessionRequest,
  signal: AbortSignal,
): Promise<SessionSummaryView> {
  const found: FoundSession = await sessions.find(name);
  const { group, missing } = chooseGroup(groups(), asked, found.session.group);
  const reading = await readings.read(found.session, group, signal);
  return {
    session: sessionView(found),
    host: reading.host,
    group: group?.name ?? null,
    missing_group: missing,
    coverage: coverageOf(reading),
    rejects: reading.rejects,
    ...partsOf(reading.summary),
    ...seriesOf(reading, px),
  };
}
