import type { InitialData } from '../server/domain/live-point.ts';
import type { AlertsAnswer } from '../server/interfaces/http/schemas/alerts.ts';
import type {
  AnalyzeCpuAnswer,
  AnalyzeRegionsAnswer,
  AnalyzeSummaryAnswer,
  AnalyzeSystemAnswer,
} from '../server/interfaces/http/schemas/analyze.ts';
import type {
  AnalyzeMomentsAnswer,
  AnalyzeTrendsAnswer,
} from '../server/interfaces/http/schemas/analyze-over-time.ts';
import type { FilesAnswer } from '../server/interfaces/http/schemas/files.ts';
import type { GroupsAnswer } from '../server/interfaces/http/schemas/groups.ts';
import type { LearnAnswer } from '../server/interfaces/http/schemas/learn.ts';
import type { OverviewAnswer } from '../server/interfaces/http/schemas/overview.ts';
import type { SessionsPageAnswer } from '../server/interfaces/http/schemas/sessions.ts';
import type { SnapshotAnswer } from '../server/interfaces/http/schemas/snapshot.ts';
import type { StatusAnswer } from '../server/interfaces/http/schemas/status.ts';
import type { SystemAnswer } from '../server/interfaces/http/schemas/system.ts';
import type { WatchGroupsAnswer } from '../server/interfaces/http/schemas/watch-groups.ts';
import type {
  HealthAnswer,
  LevelAnswer,
  PidAnswer,
  PlotAnswer,
  Problem,
} from '../server/interfaces/http/schemas.ts';

/** The HTTP contract as the browser sees it. Types come from the schemas that the server answers with. */

/** Which of them it is, the tab tells. */
export type AnalyzeAnswer =
  | AnalyzeSummaryAnswer
  | AnalyzeRegionsAnswer
  | AnalyzeCpuAnswer
  | AnalyzeSystemAnswer
  | AnalyzeTrendsAnswer
  | AnalyzeMomentsAnswer;

export interface PageAnswers {
  readonly overview: OverviewAnswer;
  readonly live: InitialData;
  readonly snapshot: SnapshotAnswer;
  readonly groups: GroupsAnswer;
  readonly level: LevelAnswer;
  readonly pid: PidAnswer;
  readonly plot: PlotAnswer;
  readonly files: FilesAnswer;
  readonly status: StatusAnswer;
  readonly system: SystemAnswer;
  readonly learn: LearnAnswer;
  readonly analyze: AnalyzeAnswer;
  readonly sessions: SessionsPageAnswer;
  readonly watch: WatchGroupsAnswer;
  readonly alerts: AlertsAnswer;
}

export type Failure =
  | { readonly kind: 'problem'; readonly problem: Problem }
  /** No answer, or one that is not ours. */
  | { readonly kind: 'offline' };

export type Outcome<T> = { readonly kind: 'answer'; readonly answer: T } | Failure;

/** Nothing has been recorded, or nothing of it has been read yet. */
export function isWithoutDumps(failure: Failure): boolean {
  if (failure.kind !== 'problem') return false;
  return failure.problem.code === 'no_process_dumps' || failure.problem.code === 'no_system_dumps';
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'title' in body && 'status' in body && 'code' in body;
}

async function readOutcome<T>(response: Response): Promise<Outcome<T>> {
  const body: unknown = await response.json();
  if (response.ok) return { kind: 'answer', answer: body as T };
  return isProblem(body) ? { kind: 'problem', problem: body } : { kind: 'offline' };
}

/** @throws DOMException AbortError when `signal` ends the request; every other failure is a value. */
export async function fetchAnswer<T>(href: string, signal?: AbortSignal): Promise<Outcome<T>> {
  try {
    const response = await fetch(href, { headers: { accept: 'application/json' }, signal: signal ?? null });
    return await readOutcome<T>(response);
  } catch (error) {
    if (signal?.aborted) throw error;
    return { kind: 'offline' };
  }
}

/** Asks the server to change something. The browser says by itself that this page asks. */
export async function sendChange<T>(
  method: 'PUT' | 'DELETE' | 'POST',
  href: string,
  body: object = {},
): Promise<Outcome<T>> {
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  try {
    return await readOutcome<T>(await fetch(href, { method, headers, body: JSON.stringify(body) }));
  } catch {
    return { kind: 'offline' };
  }
}

export function fetchHealth(): Promise<Outcome<HealthAnswer>> {
  return fetchAnswer<HealthAnswer>('/healthz', AbortSignal.timeout(4000)).catch(() => ({ kind: 'offline' }));
}
