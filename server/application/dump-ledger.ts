import { DAY_MS } from '../domain/durations.ts';
import { formatDay } from '../domain/stamp.ts';
import type { FileDamage } from './dump-damage.ts';
import { damageOfDump, damageOfFile } from './dump-damage.ts';
import type { DumpPair, ReadDump, Reject } from './dump-ports.ts';
import type { SurveyedDay } from './sealing-ports.ts';

/** Which dumps were listed, how far each has come, and what of it could not be used. What is usual takes no memory. */

export type DumpStage = 'pending' | 'read' | 'sealed';

/** A dump that is not pending and not sealed: it is in the tail. */
interface InTail {
  readonly rows: number | null;
}

export interface DumpBook {
  /** UTC dates, ascending. */
  dates(): readonly string[];
  /** In the order in which they were listed. */
  ofDate(date: string): readonly DumpPair[];
  stageOf(pair: DumpPair): DumpStage;
  /** Of a dump that is in the tail. */
  rowsOf(pair: DumpPair): number | null;
  damageOf(pair: DumpPair): readonly FileDamage[];
  /** All dumps that are pending or in the tail. */
  unsealed(): Iterable<DumpPair>;
  damaged(): Iterable<DumpPair>;
  /** Files that cannot be a dump, and folders that cannot be read. */
  refused(): readonly FileDamage[];
  /** Dumps, without those files. */
  count(): number;
  totals(): { readonly rejected_files: number; readonly rejected_rows: number };
}

export interface DumpLedger extends DumpBook {
  list(pairs: readonly DumpPair[]): void;
  refuse(reject: Reject): void;
  /** What a survey has found: all but the unsealed are in segments. */
  survey(day: SurveyedDay): void;
  /** @param refusal why its sample is not used; `null`: it is */
  read(pair: DumpPair, read: ReadDump, refusal: string | null): void;
  seal(pairs: readonly DumpPair[], damage: readonly FileDamage[]): void;
}

interface State {
  readonly days: Map<string, DumpPair[]>;
  /** What is not sealed. */
  readonly stages: Map<DumpPair, 'pending' | InTail>;
  readonly damage: Map<DumpPair, readonly FileDamage[]>;
  readonly refused: FileDamage[];
  count: number;
  files: number;
  rows: number;
}

function add(state: State, damage: readonly FileDamage[], sign: 1 | -1): void {
  for (const { complaints, lines } of damage) {
    state.files += sign * complaints;
    state.rows += sign * lines;
  }
}

function setDamage(state: State, pair: DumpPair, damage: readonly FileDamage[]): void {
  add(state, state.damage.get(pair) ?? [], -1);
  add(state, damage, 1);
  if (damage.length > 0) state.damage.set(pair, damage);
  else state.damage.delete(pair);
}

function setSealed(state: State, pairs: readonly DumpPair[], damage: readonly FileDamage[]): void {
  const byFile = new Map(damage.map((one) => [one.file, one]));
  for (const pair of pairs) {
    state.stages.delete(pair);
    const files = [pair.processFile, pair.systemFile];
    const ofPair = files.flatMap((file) => byFile.get(file ?? '') ?? []);
    setDamage(state, pair, ofPair);
  }
}

function dayOf({ days }: State, date: string): DumpPair[] {
  const day = days.get(date) ?? [];
  days.set(date, day);
  return day;
}

/** Many in a row are of one day: it is looked up where another begins. */
function list(state: State, pairs: readonly DumpPair[]): void {
  let day: DumpPair[] = [];
  let number = Number.NaN;
  for (const pair of pairs) {
    if (Math.floor(pair.stampInstant / DAY_MS) !== number) {
      day = dayOf(state, formatDay(pair.stampInstant));
      number = Math.floor(pair.stampInstant / DAY_MS);
    }
    day.push(pair);
    state.stages.set(pair, 'pending');
  }
  state.count += pairs.length;
}

function stageOf({ stages }: State, pair: DumpPair): DumpStage {
  const stage = stages.get(pair);
  if (stage === undefined) return 'sealed';
  return stage === 'pending' ? stage : 'read';
}

function rowsOf({ stages }: State, pair: DumpPair): number | null {
  const stage = stages.get(pair);
  return typeof stage === 'object' ? stage.rows : null;
}

export function openDumpLedger(): DumpLedger {
  const state: State = {
    ...{ days: new Map(), stages: new Map(), damage: new Map(), refused: [] },
    ...{ count: 0, files: 0, rows: 0 },
  };
  return {
    dates: () => [...state.days.keys()].sort(),
    ofDate: (date) => state.days.get(date) ?? [],
    stageOf: (pair) => stageOf(state, pair),
    rowsOf: (pair) => rowsOf(state, pair),
    damageOf: (pair) => state.damage.get(pair) ?? [],
    unsealed: () => state.stages.keys(),
    damaged: () => state.damage.keys(),
    refused: () => state.refused,
    count: () => state.count,
    totals: () => ({ rejected_files: state.files, rejected_rows: state.rows }),
    list: (pairs) => list(state, pairs),
    refuse(reject) {
      const damage = { file: reject.file, isRefused: true, ...damageOfFile([reject]) };
      state.refused.push(damage);
      add(state, [damage], 1);
    },
    survey({ pairs, unsealed, damaged }) {
      const open = new Set(unsealed);
      setSealed(
        state,
        pairs.filter((pair) => !open.has(pair)),
        damaged,
      );
    },
    read(pair, read, refusal) {
      const rows = refusal === null ? (read.sample?.processes?.count ?? null) : null;
      state.stages.set(pair, { rows });
      setDamage(state, pair, damageOfDump(pair, read, refusal));
    },
    seal: (pairs, damage) => setSealed(state, pairs, damage),
  };
}
