import { SYSTEM_HEAD_COLUMNS, systemColumns } from '../../domain/dump-format.ts';
import type { SystemMetricId } from '../../domain/system-metrics.ts';
import type { Caps } from './caps.ts';
import { readHeader } from './header.ts';
import type { Complaint } from './rejects.ts';

/** A metric's column in a system file, of either format: their names differ. */
export interface SystemColumn {
  readonly id: SystemMetricId;
  readonly name: string;
  readonly scale: number;
}

/** A system file's header: where each column stands, from 0, and which are metrics. */
export interface SystemPlan {
  readonly size: number;
  readonly positions: ReadonlyMap<string, number>;
  readonly metrics: readonly SystemColumn[];
}

export interface SystemPlanCache {
  planOf(header: Buffer): SystemPlan | { readonly refusal: Complaint };
}

const MOST_PLANS = 8;
const COLUMNS: readonly SystemColumn[] = [...systemColumns('v2'), ...systemColumns('seed')];

function buildPlan(names: readonly string[]): SystemPlan | { readonly refusal: Complaint } {
  const positions = new Map(names.map((name, position) => [name, position]));
  const metrics = COLUMNS.filter(({ name }) => positions.has(name));
  const isOurs = metrics.length > 0 || SYSTEM_HEAD_COLUMNS.some((name) => positions.has(name));
  if (!isOurs) return { refusal: { column: null, reason: 'has no column of a system dump' } };
  return { size: names.length, positions, metrics };
}

/** Headers repeat from file to file: each is read once. */
export function openSystemPlanCache(caps: Caps): SystemPlanCache {
  const plans = new Map<string, SystemPlan>();
  return {
    planOf(header) {
      const key = header.toString('latin1');
      const known = plans.get(key);
      if (known) return known;
      const read = readHeader(header, caps);
      const plan = 'refusal' in read ? read : buildPlan(read.names);
      if ('refusal' in plan) return plan;
      if (plans.size >= MOST_PLANS) plans.clear();
      plans.set(key, plan);
      return plan;
    },
  };
}
