import { z } from 'zod';
import { iso } from '../schemas.ts';

/** /api/memory and the like: the shapes of the dashboards that this product took over. GB and MB are of 1024. */

const decimal = z.number().nullable();
const mb = decimal.describe('MiB');
const gb = decimal.describe('GiB');
const percent = decimal.describe('0 … 100');

/** An answer with watch groups under their names: what they may be called is not in its type. */
function withGroups(schema: z.ZodObject, group: z.ZodType): z.ZodType<object> {
  return schema.catchall(group) as z.ZodType<object>;
}

const system = z.object({
  total_gb: gb,
  available_gb: gb,
  used_gb: gb.describe('Total less available'),
  percent,
  swap_total_gb: gb,
  swap_used_gb: gb,
  swap_percent: percent,
});

const processes = z
  .object({
    processes: z.array(
      z.object({
        pid: z.number(),
        name: z.string().nullable(),
        memory_mb: mb,
        cpu_percent: percent.describe('Of one CPU; null at the first reading'),
        create_time: z.number().nullable().describe('Seconds since 1970'),
      }),
    ),
    total_memory_mb: mb,
    process_count: z.number(),
  })
  .describe('Of a watch group, under its name');

export const processesAnswer = withGroups(z.object({ timestamp: iso }), processes);
export const memoryAnswer = withGroups(z.object({ system, timestamp: iso }), processes);
export const systemNowAnswer = z.object({ system, timestamp: iso });

const groupPoint = z
  .object({ total_memory: mb, process_count: z.number() })
  .catchall(mb.describe('Of each member, as main_memory; one called total is total_2_memory'))
  .describe('Of a watch group, under its name');

export const historyAnswer = z
  .array(withGroups(z.object({ system, timestamp: iso }), groupPoint))
  .describe('Oldest first');

const memberNow = z.object({
  running: z.boolean(),
  rss_mb: mb,
  vms_mb: mb,
  percent: percent.describe('Of all RAM'),
  cpu_percent: percent.describe('Of one CPU; null at the first reading'),
});

const ofMembers = (member: z.ZodType) =>
  z.record(z.string(), member).describe('Of a watch group, under its name: each member');

export const currentAnswer = withGroups(z.object({ system, timestamp: iso }), ofMembers(memberNow));

const recordedPoint = z.object({ timestamp: iso, rss_mb: mb, vms_mb: mb, percent });

export const historicalAnswer = withGroups(
  z.object({ system: z.array(z.object({ timestamp: iso, used_gb: gb, percent })) }),
  ofMembers(z.array(recordedPoint)),
);

const growth = z.object({
  status: z.enum(['insufficient', 'unjudged']).describe('No verdict: too few points, or none is given yet'),
  level: z.null(),
  growth_rate_mb_per_hour: mb.describe('MiB an hour; null: too little to tell'),
  note: z.string(),
  total_growth_mb: mb,
  average_mb: mb,
  current_mb: mb,
  points: z.number(),
});

export const analysisAnswer = withGroups(z.object({}), ofMembers(growth));

export const monitoringAnswer = z.object({
  monitoring: z.boolean().describe('Whether the host is read while somebody watches'),
  interval_seconds: z.number(),
});
