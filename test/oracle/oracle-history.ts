import type { OracleGap } from './gaps.ts';
import { gapsBetween } from './gaps.ts';
import { markLives } from './lives.ts';
import type { RecordedProcess, RecordedSample } from './read-dumps.ts';
import { readDumps } from './read-dumps.ts';
import type { TreePlace } from './trees.ts';
import { placesInTree } from './trees.ts';

/** One process in one sample, with everything that the sample alone tells of it. */
export interface OracleRow {
  readonly process: RecordedProcess;
  readonly place: TreePlace;
  readonly life: OracleLife;
  readonly instant: OracleInstant;
}

/** A sample with processes. */
export interface OracleInstant {
  readonly t: number;
  /** Counts the samples with processes. */
  readonly index: number;
  readonly sample: RecordedSample;
  readonly rows: ReadonlyMap<number, OracleRow>;
}

export interface OracleLife {
  readonly pid: number;
  readonly weak: boolean;
  /** In order of time. */
  readonly rows: OracleRow[];
}

export interface OracleHistory {
  readonly samples: readonly RecordedSample[];
  readonly instants: readonly OracleInstant[];
  readonly lives: readonly OracleLife[];
  readonly gaps: readonly OracleGap[];
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

const histories = new Map<string, OracleHistory>();

/** The history of a folder. It is read once: a test writes its folder before it asks. */
export function historyOf(folder: string): OracleHistory {
  const known = histories.get(folder);
  if (known) return known;
  const history = buildHistory(readDumps(folder));
  histories.set(folder, history);
  return history;
}

/** Forgets a folder, for tests that make many. */
export function forgetHistory(folder: string): void {
  histories.delete(folder);
}

function buildHistory(all: readonly RecordedSample[]): OracleHistory {
  const host = all.at(-1)?.host ?? null;
  const samples = all.filter((sample) => sample.host === host);
  const gaps = gapsBetween(samples);
  const marks = markLives(samples, gaps);
  const lives = new Map<string, OracleLife>();
  const instants: OracleInstant[] = [];
  for (const [at, sample] of samples.entries()) {
    if (!sample.processes) continue;
    const rows = new Map<number, OracleRow>();
    const instant = { t: sample.t, index: instants.length, sample, rows };
    const places = placesInTree(sample.processes);
    for (const process of sample.processes) {
      const { pid } = process;
      const life = lifeOf(lives, marks[at].get(pid) ?? '', pid, sample.weak);
      const row = { process, place: places.get(pid) ?? ALONE, life, instant };
      rows.set(pid, row);
      life.rows.push(row);
    }
    instants.push(instant);
  }
  return { samples, instants, lives: [...lives.values()], gaps };
}

const ALONE: TreePlace = { parent: null, children: [], level: 0, subtreeProcesses: 1, subtreeRss: 0 };

function lifeOf(lives: Map<string, OracleLife>, mark: string, pid: number, weak: boolean): OracleLife {
  const life = lives.get(mark) ?? { pid, weak, rows: [] };
  lives.set(mark, life);
  return life;
}

/** Why there is no answer: the application's error codes. */
export type OracleAbsence = 'no_process_dumps' | 'unknown_timestamp' | 'no_data_for_pid';

/** The nearest sample with processes at or before `t`; without `t` the newest. */
export function instantAt(history: OracleHistory, t: number | undefined): OracleInstant | undefined {
  return history.instants.findLast((instant) => t === undefined || instant.t <= t);
}

/** Why `instantAt` found none. */
export function noInstant({ instants }: OracleHistory): OracleAbsence {
  return instants.length === 0 ? 'no_process_dumps' : 'unknown_timestamp';
}

export function firstSeen(life: OracleLife): number {
  return life.rows[0].instant.t;
}

export function lastSeen(life: OracleLife): number {
  return life.rows[life.rows.length - 1].instant.t;
}

/** A life is told by its pid and the sample in which it began. */
export function sameLife(life: OracleLife, pid: number, since: number | undefined): boolean {
  return life.pid === pid && (since === undefined || firstSeen(life) === since);
}

export function rowsWithin(life: OracleLife, range: Range): readonly OracleRow[] {
  return life.rows.filter(({ instant: { t } }) => range.from <= t && t <= range.to);
}
