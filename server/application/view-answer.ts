import { answerText } from '../domain/answer-text.ts';
import type { AttributedSubtree, PlacedProcesses } from '../domain/attribution.ts';
import { attributeMemory } from '../domain/attribution.ts';
import { executableOf, programOf } from '../domain/executable.ts';
import type { LedgerFigures } from '../domain/ledger.ts';
import { buildLedger, LEDGER_FIGURES, LEDGER_PARTS, ledgerPartName } from '../domain/ledger.ts';
import { formatInstant } from '../domain/stamp.ts';
import { usedBytes } from '../domain/used-memory.ts';
import type { AnswerRequest } from './answer-moments.ts';
import { chooseMoments, momentsView } from './answer-moments.ts';
import type { History, RowTable } from './ports.ts';
import { readSnapshotAt, readSteadily } from './snapshot-rows.ts';

export interface CulpritView {
  readonly key: string;
  readonly pid: number;
  readonly cmd: string | null;
  readonly comm: string | null;
  readonly user: string | null;
  readonly started: string;
  readonly is_new: boolean;
  readonly subtree_processes: number;
  readonly bytes: number;
  readonly rss_is_upper_bound: boolean;
  readonly subtree_rss_bytes: number;
  readonly subtree_pss_bytes: number | null;
  readonly delta_bytes: number | null;
  readonly share_of_growth: number | null;
}

export interface AnswerView {
  readonly host: string;
  readonly asked: string;
  readonly ts: string;
  readonly distance_seconds: number;
  readonly is_far: boolean;
  readonly nearest_before: string;
  readonly nearest_after: string | null;
  readonly from_asked: string;
  readonly from: string | null;
  readonly from_distance_seconds: number | null;
  readonly from_is_far: boolean;
  readonly rebooted: boolean;
  readonly used_is: 'total − available';
  readonly mem_total_bytes: number | null;
  readonly used_bytes: number | null;
  readonly used_delta_bytes: number | null;
  readonly largest: CulpritView[];
  readonly culprits: CulpritView[];
  readonly ledger: { readonly part: string; readonly bytes: number | null }[];
  readonly text: string;
}

const MOST_CULPRITS = 5;
const FIGURES = [...LEDGER_FIGURES, 'mem_available_bytes' as const];

/** The system's figures of one sample; unknown is `NaN`. */
async function readFigures(history: History, host: string, t: number) {
  const { values } = await history.readSystem(host, FIGURES, { from: t, to: t });
  return Object.fromEntries(FIGURES.map((id) => [id, values[id][0]])) as Record<
    (typeof FIGURES)[number],
    number
  >;
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function usedOf(figures: Awaited<ReturnType<typeof readFigures>>): number | null {
  return usedBytes(known(figures.mem_total_bytes), known(figures.mem_available_bytes));
}

export function placed({ lives, level, subtreeProcesses, processes }: RowTable): PlacedProcesses {
  const { rss_bytes: rss, pss_bytes: pss } = processes.numbers;
  return { life: lives.map(({ id }) => id), level, subtreeProcesses, rss, pss };
}

export function namesOf({ processes: { texts } }: RowTable) {
  return {
    executable: texts.cmd.map((cmd, row) => executableOf(cmd, texts.comm[row])),
    program: texts.cmd.map((cmd, row) => programOf(cmd, texts.comm[row])),
    cgroup: texts.cgroup,
  };
}

/** PSS of a subtree, where all of it that holds anything has one. */
function subtreePss({ processes, subtreeProcesses }: RowTable, root: number): number | null {
  const { rss_bytes: rss, pss_bytes: pss } = processes.numbers;
  let sum = 0;
  for (let row = root; row < root + subtreeProcesses[root]; row++)
    sum += Number.isNaN(pss[row]) && rss[row] === 0 ? 0 : pss[row];
  return known(sum);
}

function culpritView(table: RowTable, subtree: AttributedSubtree, usedDelta: number | null): CulpritView {
  const { row, delta } = subtree;
  const { texts } = table.processes;
  const { key, pid, started } = table.lives[row];
  const grewBy = usedDelta !== null && usedDelta > 0 ? usedDelta : null;
  return {
    ...{ key, pid, cmd: texts.cmd[row], comm: texts.comm[row], user: texts.user[row] },
    started: formatInstant(started),
    is_new: subtree.isNew,
    subtree_processes: table.subtreeProcesses[row],
    bytes: subtree.bytes,
    rss_is_upper_bound: subtree.isUpperBound,
    subtree_rss_bytes: table.subtreeRss[row],
    subtree_pss_bytes: subtreePss(table, row),
    delta_bytes: delta,
    share_of_growth: delta === null || grewBy === null ? null : delta / grewBy,
  };
}

function ledgerView(figures: LedgerFigures): AnswerView['ledger'] {
  const ledger = buildLedger(figures);
  return ledger ? LEDGER_PARTS.map(({ id }) => ({ part: ledgerPartName(id), bytes: ledger[id] })) : [];
}

async function readAnswer(history: History, request: AnswerRequest, zone: string): Promise<AnswerView> {
  const asked = chooseMoments(history, request, zone);
  const { host, later, earlier } = asked;
  const [{ table }, places, figures, figuresThen] = await Promise.all([
    readSnapshotAt(history, host, later.t),
    earlier.t === null ? null : history.readPlaces(host, earlier.t),
    readFigures(history, host, later.t),
    earlier.t === null ? null : readFigures(history, host, earlier.t),
  ]);
  const used = usedOf(figures);
  const usedThen = figuresThen && usedOf(figuresThen);
  const usedDelta = used === null || usedThen === null ? null : used - usedThen;
  const { largest, grown } = attributeMemory({ ...placed(table), ...namesOf(table) }, places, MOST_CULPRITS);
  const view = {
    host,
    ...momentsView(asked),
    used_is: 'total − available' as const,
    mem_total_bytes: known(figures.mem_total_bytes),
    used_bytes: used,
    used_delta_bytes: usedDelta,
    largest: largest.map((subtree) => culpritView(table, subtree, usedDelta)),
    culprits: grown.map((subtree) => culpritView(table, subtree, usedDelta)),
    ledger: ledgerView(figures),
  };
  return { ...view, text: answerText(view, zone) };
}

/**
 * Who holds the memory at an instant, and what grew since an earlier one.
 * @throws MemoryInspectorError `no_process_dumps`, `unknown_timestamp`, `unknown_host`, `bad_parameter`
 */
export function viewAnswer(history: History, request: AnswerRequest, zone: string): Promise<AnswerView> {
  return readSteadily(() => readAnswer(history, request, zone));
}
