import type { ComparedPart, PartKind, Subject } from '../domain/compare-sessions.ts';
import { compareSummaries, findSubject } from '../domain/compare-sessions.ts';
import { MemoryInspectorError } from '../domain/errors.ts';
import type { Check, SessionThresholdId, Thresholds, Verdict } from '../domain/session-thresholds.ts';
import { checkThresholds, parseLimit, THRESHOLD_IDS, verdictOf } from '../domain/session-thresholds.ts';
import type { MemoryView, SessionSources } from './view-session.ts';
import { chooseGroup, holdsMemory, memoryView } from './view-session.ts';
import type { SessionView } from './view-sessions.ts';
import { sessionView } from './view-sessions.ts';

export interface ComparisonRequest extends Readonly<Partial<Record<SessionThresholdId, string | undefined>>> {
  /** Names of sessions: before and after. */
  readonly a: string;
  readonly b: string;
  readonly group?: string | undefined;
  /** What thresholds are about: a member of the group, or a program; else the group, else the host. */
  readonly member?: string | undefined;
  readonly program?: string | undefined;
  /** Most programs. */
  readonly limit: number;
}

export interface ComparedView {
  readonly kind: PartKind;
  readonly name: string;
  /** Of the host: used memory. */
  readonly a: MemoryView;
  readonly b: MemoryView;
  readonly mean_delta_bytes: number | null;
  readonly peak_delta_bytes: number | null;
  readonly pss_mean_delta_bytes: number | null;
  readonly pss_peak_delta_bytes: number | null;
  readonly rss_is_upper_bound: boolean;
}

export interface ComparisonView {
  readonly a: SessionView;
  readonly b: SessionView;
  readonly group: string | null;
  readonly missing_group: string | null;
  readonly rows: ComparedView[];
  readonly programs_total: number;
  /** What was held against the thresholds. */
  readonly subject: { readonly kind: PartKind; readonly name: string };
  readonly checks: Check[];
  /** `null`: nothing was asked. */
  readonly verdict: Verdict | null;
}

/** @throws MemoryInspectorError `bad_parameter` */
function thresholdsOf(request: ComparisonRequest): Thresholds {
  const given = THRESHOLD_IDS.flatMap((id) => {
    const text = request[id];
    if (text === undefined) return [];
    const limit = parseLimit(id, text);
    if (limit) return [[id, limit] as const];
    const share = id === 'max_delta' ? ', or a share of the mean of A, such as 5%' : '';
    throw new MemoryInspectorError('bad_parameter', `${text} is not a limit`, {
      field: id,
      next: `Write a size, such as 500MiB${share}.`,
    });
  });
  return Object.fromEntries(given);
}

function subjectOf({ member, program }: ComparisonRequest, hasGroup: boolean): Subject {
  if (member !== undefined) return { kind: 'member', name: member };
  if (program !== undefined) return { kind: 'program', name: program };
  return { kind: hasGroup ? 'group' : 'host' };
}

/** @throws MemoryInspectorError `bad_parameter` */
function chooseSubject(parts: readonly ComparedPart[], subject: Subject): ComparedPart {
  const found = findSubject(parts, subject);
  if (found) return found;
  const name = 'name' in subject ? subject.name : '';
  throw new MemoryInspectorError('bad_parameter', `Neither session has a ${subject.kind} ${name}`, {
    field: subject.kind,
    next: `Name one of the rows of kind ${subject.kind}.`,
  });
}

function comparedView({ a, b, ...part }: ComparedPart): ComparedView {
  return { ...part, a: memoryView(a), b: memoryView(b) };
}

/**
 * Two sessions side by side, B held against thresholds.
 * @throws MemoryInspectorError `no_such_session`, `no_such_group`, `bad_parameter`, `bad_file`; the signal's reason
 */
export async function viewSessionComparison(
  { sessions, readings, groups }: SessionSources,
  request: ComparisonRequest,
  signal: AbortSignal,
): Promise<ComparisonView> {
  const thresholds = thresholdsOf(request);
  const [a, b] = [await sessions.find(request.a), await sessions.find(request.b)];
  const planned = b.session.group ?? a.session.group;
  const { group, missing } = chooseGroup(groups(), request.group, planned);
  const before = await readings.read(a.session, group, signal);
  const after = await readings.read(b.session, group, signal);
  const parts = compareSummaries(before.summary, after.summary);
  const subject = chooseSubject(parts, subjectOf(request, group !== null));
  const isFinal = [a, b].every(({ session }) => session.state !== 'recording');
  const checks = checkThresholds(thresholds, subject.a.figures, subject.b.figures, isFinal);
  const programs = parts.filter(({ kind, a, b }) => kind === 'program' && [a, b].some(holdsMemory));
  const others = parts.filter(({ kind }) => kind !== 'program');
  return {
    a: sessionView(a),
    b: sessionView(b),
    group: group?.name ?? null,
    missing_group: missing,
    rows: [...others, ...programs.slice(0, request.limit)].map(comparedView),
    programs_total: programs.length,
    subject: { kind: subject.kind, name: subject.name },
    checks,
    verdict: verdictOf(checks),
  };
}
