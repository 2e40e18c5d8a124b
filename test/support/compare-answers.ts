import { expect } from 'vitest';
import type { History } from '../../server/application/ports.ts';
import { searchLives } from '../../server/application/search-lives.ts';
import { viewFacets } from '../../server/application/view-facets.ts';
import { viewGroups } from '../../server/application/view-groups.ts';
import { viewLevel } from '../../server/application/view-level.ts';
import { viewPlot } from '../../server/application/view-plot.ts';
import { viewSnapshot } from '../../server/application/view-snapshot.ts';
import { viewSparklines } from '../../server/application/view-sparklines.ts';
import { viewSubtree } from '../../server/application/view-subtree.ts';
import { MemoryInspectorError } from '../../server/domain/errors.ts';
import {
  facetsQuery,
  groupsQuery,
  levelQuery,
  pidQuery,
  plotQuery,
  searchQuery,
  snapshotQuery,
  sparklinesQuery,
} from '../../server/interfaces/http/schemas/queries.ts';
import type { Keyless } from '../oracle/contract.ts';
import { comparable } from '../oracle/contract.ts';
import type { GroupsQuestion } from '../oracle/oracle-counts.ts';
import { oracleFacets, oracleGroups } from '../oracle/oracle-counts.ts';
import type { OracleLife } from '../oracle/oracle-history.ts';
import { firstSeen } from '../oracle/oracle-history.ts';
import type { LevelQuestion } from '../oracle/oracle-level.ts';
import { oracleLevel } from '../oracle/oracle-level.ts';
import { oracleSearch, oracleSparklines } from '../oracle/oracle-lives.ts';
import type { PidQuestion } from '../oracle/oracle-pid.ts';
import { oraclePid } from '../oracle/oracle-pid.ts';
import type { PlotQuestion } from '../oracle/oracle-plot.ts';
import { oraclePlot } from '../oracle/oracle-plot.ts';
import { oracleSnapshot } from '../oracle/oracle-snapshot.ts';
import type { RowsQuery } from '../oracle/rows.ts';

/** Asks the application and the oracle the same, through the query schemas, and compares what the contract names. */

export interface Compared {
  readonly history: History;
  readonly folder: string;
}

const ZONE = 'UTC';

/** Wide enough that nothing is thinned: the oracle draws every sample. */
const WIDEST = 4000;

export async function compareLevel({ history, folder }: Compared, question: LevelQuestion): Promise<void> {
  const request = { ...levelQuery.parse(asParameters(question)), watch: undefined };
  const answer = await orCode(viewLevel(history, request, ZONE).then((view) => comparable(view)));
  expect(answer, JSON.stringify(question)).toEqual(oracleLevel(folder, question));
}

export async function comparePid({ history, folder }: Compared, question: PidQuestion): Promise<void> {
  const request = {
    ...pidQuery.parse({ ...asParameters(question), ...(await keyOf(history, question)) }),
    watch: undefined,
  };
  const answer = await orCode(viewSubtree(history, request, ZONE).then((view) => comparable(view)));
  expect(answer, JSON.stringify(question)).toEqual(oraclePid(folder, question));
}

export async function comparePlot({ history, folder }: Compared, question: PlotQuestion): Promise<void> {
  const parameters = { ...asParameters(question), ...(await keyOf(history, question)), px: WIDEST };
  const request = plotQuery.parse(parameters);
  const answer = await orCode(viewPlot(history, request, ZONE).then((view) => comparable(view)));
  expect(answer, JSON.stringify(question)).toEqual(oraclePlot(folder, question));
}

export async function compareSnapshot({ history, folder }: Compared, question: RowsQuery): Promise<void> {
  const request = { ...snapshotQuery.parse(asParameters(question)), watch: undefined };
  const answer = await orCode(viewSnapshot(history, request, ZONE).then((view) => comparable(view)));
  expect(answer, JSON.stringify(question)).toEqual(oracleSnapshot(folder, question));
}

export async function compareFacets({ history, folder }: Compared, question: RowsQuery): Promise<void> {
  const request = { ...facetsQuery.parse(asParameters(question)), watch: undefined };
  const answer = await orCode(viewFacets(history, request, ZONE).then(({ host: _, ...view }) => view));
  expect(answer, JSON.stringify(question)).toEqual(oracleFacets(folder, question));
}

export async function compareGroups({ history, folder }: Compared, question: GroupsQuestion): Promise<void> {
  const request = { ...groupsQuery.parse(asParameters(question)), watch: undefined, watchGroups: [] };
  const answer = await orCode(
    viewGroups(history, request, ZONE).then(({ host, previous, next, incomplete, levels, ...view }) => ({
      ...view,
      groups: view.groups.map((group) => ({ ...group, largest: withoutKey(group.largest) })),
    })),
  );
  expect(answer, JSON.stringify(question)).toEqual(oracleGroups(folder, question));
}

export async function compareSearch(
  { history, folder }: Compared,
  question: { readonly q: string; readonly limit?: number },
): Promise<void> {
  const { results, total } = await searchLives(history, searchQuery.parse(asParameters(question)));
  expect({ results: results.map(withoutKey), total }, question.q).toEqual(oracleSearch(folder, question));
}

/** The key of a life that no host has. */
const NOBODY = 's0-1-1';

export async function compareSparklines(
  { history, folder }: Compared,
  lives: readonly OracleLife[],
  question: { readonly ts: number; readonly seconds: number },
): Promise<void> {
  const keys: string[] = [];
  for (const life of lives)
    keys.push((await keyOf(history, { pid: life.pid, since: firstSeen(life) })).key ?? 'unknown');
  const request = sparklinesQuery.parse(asParameters({ ...question, keys: [...keys, NOBODY].join(',') }));
  const answer = await orCode(
    viewSparklines(history, request, ZONE).then(({ ts, t, series }) => ({
      ...{ ts, t, lines: keys.map((key) => series[key].subtree_rss_bytes) },
      strangers: Object.keys(series).filter((key) => !keys.includes(key)),
    })),
  );
  expect(answer, JSON.stringify(question)).toEqual(oracleSparklines(folder, lives, question));
}

function withoutKey<T extends { readonly key: string }>({ key: _, ...rest }: T): Keyless<T> {
  return rest;
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
async function keyOf(
  history: History,
  { pid, since }: { readonly pid: number; readonly since?: number },
): Promise<{ key?: string | undefined }> {
  if (since === undefined) return {};
  const lives = await history.spansOfPid(history.hosts()[0], pid);
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
