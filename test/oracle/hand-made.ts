import { MIB } from '../../server/domain/units.ts';
import type { HistoryOptions, ProcessLiteral, SampleLiteral } from '../support/dump-builder.ts';
import { writeHistory } from '../support/dump-builder.ts';
import { tempFolder } from '../support/temp-folder.ts';
import type { ComparableLevel, ComparablePid, ComparablePlot } from './contract.ts';
import type { LevelQuestion } from './oracle-level.ts';
import { oracleLevel } from './oracle-level.ts';
import type { PidQuestion } from './oracle-pid.ts';
import { oraclePid } from './oracle-pid.ts';
import type { PlotQuestion } from './oracle-plot.ts';
import { oraclePlot } from './oracle-plot.ts';

/** Hand-made histories and short names for the oracle's questions. */

export function history(samples: readonly SampleLiteral[], options: HistoryOptions = {}): string {
  const folder = tempFolder();
  writeHistory(folder, samples, options);
  return folder;
}

/** One sample a minute. */
export function minutes(...processes: readonly (readonly ProcessLiteral[] | null)[]): SampleLiteral[] {
  return processes.map((rows, index) => ({ t: index * 60, processes: rows }));
}

/** One sample a minute of a recorder that tells no interval and no boot, as the predecessor's. */
export function seedMinutes(...processes: readonly (readonly ProcessLiteral[])[]): SampleLiteral[] {
  return minutes(...processes).map((sample) => ({ ...sample, boot: null, interval: null }));
}

function answered<T extends object>(answer: T | string): T {
  if (typeof answer === 'string') throw new Error(`no answer: ${answer}`);
  return answer;
}

export function level(folder: string, query: LevelQuestion = {}): ComparableLevel {
  return answered(oracleLevel(folder, query));
}

export function subtree(folder: string, query: PidQuestion): ComparablePid {
  return answered(oraclePid(folder, query));
}

export function plot(folder: string, query: PlotQuestion): ComparablePlot {
  return answered(oraclePlot(folder, query));
}

export function pids(rows: readonly { readonly pid: number }[]): number[] {
  return rows.map(({ pid }) => pid);
}

export function mib(bytes: number | null): number | null {
  return bytes === null ? null : bytes / MIB;
}
