import type { MetricUnit } from './metric.ts';
import { PROCESS_METRICS } from './metrics.ts';
import { SYSTEM_METRICS } from './system-metrics.ts';

/** What a column of a table holds, for formats that have types. */
export type CellType = 'integer' | 'number' | 'instant' | 'flag' | 'text';

export type CellValue = string | number | boolean | null;

/** A column of a table, its type made sure of: `integer` holds whole numbers, `instant` ISO 8601. */
export interface TypedColumn {
  readonly name: string;
  readonly type: CellType;
  readonly values: readonly CellValue[];
}

const TYPE_OF_UNIT: Readonly<Record<MetricUnit, CellType>> = {
  id: 'integer',
  text: 'text',
  flag: 'flag',
  count: 'integer',
  ticks: 'integer',
  bytes: 'integer',
  seconds: 'number',
  instant: 'instant',
  percent: 'number',
  microseconds: 'integer',
};

const UNIT_OF = new Map<string, MetricUnit>(
  [...PROCESS_METRICS, ...SYSTEM_METRICS].map(({ id, unit }) => [id, unit]),
);

/** Names carry the unit: what the catalogue does not know is told by its end. */
const BY_NAME: readonly (readonly [RegExp, CellType])[] = [
  [/_mean_bytes$/, 'number'],
  [/(?:_seconds|_ratio|_percent|_per_second|_avg\d+)$/, 'number'],
  [/_bytes$/, 'integer'],
  [/^(?:t|ts|instant|from|to)$/, 'instant'],
  [/^(?:depth|processes|rows|rejected_rows)$/, 'integer'],
  [/^(?:matched|sealed)$/, 'flag'],
];

function typeByName(name: string): CellType | null {
  const unit = UNIT_OF.get(name);
  const told = BY_NAME.find(([pattern]) => pattern.test(name));
  if (unit === undefined || name.endsWith('_mean_bytes')) return told?.[1] ?? null;
  return TYPE_OF_UNIT[unit];
}

const ISO_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const HOLDS: Readonly<Record<CellType, (value: CellValue) => boolean>> = {
  integer: (value) => Number.isSafeInteger(value),
  number: (value) => typeof value === 'number',
  instant: (value) => typeof value === 'string' && ISO_UTC.test(value),
  flag: (value) => typeof value === 'boolean',
  text: (value) => typeof value === 'string',
};

const NARROWEST_FIRST: readonly CellType[] = ['flag', 'integer', 'number', 'text'];

/**
 * The type that the name tells, so that all files of a view have the same; where a value is none of it, or the name
 * tells nothing, the narrowest that holds all of them.
 */
export function typedColumn(name: string, values: readonly CellValue[]): TypedColumn {
  const known = values.filter((value) => value !== null);
  const holds = (type: CellType) => known.every(HOLDS[type]);
  const byName = typeByName(name);
  if (byName !== null && holds(byName)) return { name, type: byName, values };
  const type = known.length === 0 ? 'text' : NARROWEST_FIRST.find(holds);
  if (type !== undefined) return { name, type, values };
  return { name, type: 'text', values: values.map((value) => (value === null ? null : String(value))) };
}
