import { expect } from 'vitest';
import type { History } from '../../server/application/ports.ts';
import { viewLevel } from '../../server/application/view-level.ts';
import { viewPlot } from '../../server/application/view-plot.ts';
import { viewSubtree } from '../../server/application/view-subtree.ts';
import { MemoryInspectorError } from '../../server/domain/errors.ts';
import { levelQuery, pidQuery, plotQuery } from '../../server/interfaces/http/schemas/queries.ts';
import { comparable } from '../oracle/contract.ts';
import type { LevelQuestion } from '../oracle/oracle-level.ts';
import { oracleLevel } from '../oracle/oracle-level.ts';
import type { PidQuestion } from '../oracle/oracle-pid.ts';
import { oraclePid } from '../oracle/oracle-pid.ts';
import type { PlotQuestion } from '../oracle/oracle-plot.ts';
import { oraclePlot } from '../oracle/oracle-plot.ts';

/** Asks the application and the oracle the same, through the query schemas, and compares what the contract names. */

export interface Compared {
  readonly history: History;
  readonly folder: string;
}

const ZONE = 'UTC';

/** Wide enough that nothing is thinned: the oracle draws every sample. */
const WIDEST = 4000;

export async function compareLevel({ history, folder }: Compared, question: LevelQuestion): Promise<void> {
  const request = levelQuery.parse(asParameters(question));
  const answer = await orCode(viewLevel(history, request, ZONE).then((view) => comparable(view)));
  expect(answer, JSON.stringify(question)).toEqual(oracleLevel(folder, question));
}

export async function comparePid({ history, folder }: Compared, question: PidQuestion): Promise<void> {
  const request = pidQuery.parse({ ...asParameters(question), ...(await keyOf(history, question)) });
  const answer = await orCode(viewSubtree(history, request, ZONE).then((view) => comparable(view)));
  expect(answer, JSON.stringify(question)).toEqual(oraclePid(folder, question));
}

export async function comparePlot({ history, folder }: Compared, question: PlotQuestion): Promise<void> {
  const parameters = { ...asParameters(question), ...(await keyOf(history, question)), px: WIDEST };
  const request = plotQuery.parse(parameters);
  const answer = await orCode(viewPlot(history, request, ZONE).then((view) => comparable(view)));
  expect(answer, JSON.stringify(question)).toEqual(oraclePlot(folder, question));
}

/** As they stand in a URL. */
function asParameters(question: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(question)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );
}

/** The application's key for the life that the oracle knows by its first sample. */
async function keyOf(history: History, { pid, since }: { readonly pid: number; readonly since?: number }) {
  if (since === undefined) return {};
  const lives = await history.livesOfPid(history.hosts()[0], pid);
  return { key: lives.find(({ firstSeen }) => firstSeen === since)?.key };
}

async function orCode<T>(answer: Promise<T>): Promise<T | string> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof MemoryInspectorError) return error.code;
    throw error;
  }
}
