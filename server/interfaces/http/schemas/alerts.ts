import { z } from 'zod';
import { ALERT_KIND_IDS, ALERT_SEVERITIES } from '../../../domain/alert-rule.ts';
import { bytes, epochMs, iso } from '../schemas.ts';
import { alertRuleTold } from './alert-rules.ts';

/** GET /api/v1/alerts, and what acknowledges one. */

const unit = z.enum(['bytes', 'percent', 'count']).describe('Of its values and limits');
const figure = z.number().nullable().describe('null: unknown');
const chart = z
  .object({
    t: epochMs,
    value: z.array(figure),
    limit: z.array(figure).describe('What the value was held against'),
  })
  .describe('Thinned, its peaks kept; null marks a gap or an unknown value');

const culprit = z
  .object({
    key: z.string(),
    pid: z.number(),
    cmd: z.string().nullable().describe('Dump notation'),
    comm: z.string().nullable(),
    user: z.string().nullable(),
    processes: z.number().describe('Itself and those below it, of a watch group its members'),
    bytes,
    rss_is_upper_bound: z.boolean(),
    ts: iso.describe('The sample that this is told from; of an OOM kill the one before'),
  })
  .describe('The largest subtree when it fired, of a level rule its process');

const alert = z.object({
  rule: z.string().describe('Name of the rule'),
  kind: z.enum(ALERT_KIND_IDS),
  severity: z.enum(ALERT_SEVERITIES),
  unit,
  since: iso.describe('First sample beyond the limit'),
  is_older: z.boolean().describe('It may have begun before: nothing earlier was looked at'),
  fired: iso,
  ended: iso.nullable().describe('null: not up to the end of the range'),
  value: figure.describe('When it fired'),
  limit: figure.describe('When it fired'),
  whole: bytes.nullable().describe('What the limit is a part of, where it is one'),
  peak: z.object({ ts: iso, value: figure }).describe('The sample furthest beyond the limit'),
  culprit: culprit.nullable().describe('null: no process is known then'),
  acknowledged: iso.nullable().describe('When somebody said so'),
  text: z.string().describe('Why, and who'),
  chart,
});

const rule = z.object({
  rule: alertRuleTold.describe('As it is written'),
  unit,
  state: z
    .enum(['inactive', 'pending', 'firing', 'resolved', 'unknown'])
    .describe(
      'At the end of the range; resolved: over, and too soon to fire again; unknown: its figure is not known',
    ),
  obstacle: z.string().nullable().describe('Why it cannot be evaluated'),
  evaluated_from: iso
    .nullable()
    .describe(
      'First sample looked at, where the range is longer than the week that rules about processes reach back',
    ),
  value: figure.describe('In the last sample'),
  limit: figure.describe('In the last sample'),
  chart,
});

export const alertsAnswer = z.object({
  host: z.string(),
  range: z.object({ from: iso, to: iso }),
  are_usual: z.boolean().describe('No rules are written: these are there of themselves'),
  trouble: z.string().nullable().describe('Why the configuration cannot be used as it is now'),
  rules: z.array(rule),
  firing: z.array(alert).describe('At the end of the range, the newest first'),
  resolved: z.array(alert).describe('Over in the range, the newest first, at most 100'),
  resolved_total: z.number(),
});

const WHOLE_HELP = 'Epoch milliseconds.';

/** POST /api/v1/alerts */
export const acknowledgeBody = z.strictObject(
  {
    host: z.string().min(1).max(255).describe('Default the newest').optional(),
    rule: z.string({ error: 'The name of a rule.' }).max(200).describe('Name of the rule'),
    fired: z
      .int({ error: WHOLE_HELP })
      .min(0, { error: WHOLE_HELP })
      .describe('When the alert fired, epoch ms'),
    acknowledged: z.boolean().default(true).describe('false takes it back'),
  },
  { error: 'An object with host, rule, fired, acknowledged.' },
);
export const acknowledgedAnswer = z.object({ rule: z.string(), fired: iso, acknowledged: iso.nullable() });

export type AlertsAnswer = z.infer<typeof alertsAnswer>;
export type AcknowledgedAnswer = z.infer<typeof acknowledgedAnswer>;
