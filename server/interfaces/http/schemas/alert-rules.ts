import { z } from 'zod';
import type { AlertRuleConfig } from '../../../domain/alert-rule.ts';
import {
  ALERT_KIND_IDS,
  ALERT_LIMITS,
  ALERT_METRICS,
  ALERT_SCOPES,
  ALERT_SEVERITIES,
  PSI_AVERAGES,
  PSI_LINES,
} from '../../../domain/alert-rule.ts';
import { alertFaults } from '../../../domain/read-alert-rule.ts';
import { MEMBER_NAME_HELP } from '../../../domain/watch-group.ts';
import { groupName, listOf, shownName, strict } from './watch-groups.ts';

/** Rules of alerts as the configuration file holds them and the API gives them. */

function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: `One of ${values.join(', ')}.` });
}

const text = z.string({ error: 'A text.' }).max(40, { error: 'At most 40 characters.' });
const DEVIATIONS_HELP = 'A number, 1 … 100.';

const shape = {
  name: shownName.describe(`What the rule is called: ${MEMBER_NAME_HELP}`),
  kind: oneOf(ALERT_KIND_IDS).describe('What it looks at; below.'),
  severity: oneOf(ALERT_SEVERITIES).describe('warning without it.').optional(),
  limit: text.describe('Beyond it is alarming: a size, as 4GiB, or a part, as 5%.').optional(),
  clear: text
    .describe('From here on, back, the alert is over; a tenth of the limit away from it without.')
    .optional(),
  for: text
    .describe('How long it must be beyond the limit, 0s to 7d; 1m without, 0s for a spike.')
    .optional(),
  cool_down: text
    .describe('How long after its end it does not fire again, 0s to 7d; 10m without.')
    .optional(),
  watch: groupName.describe('Which watch group it is about.').optional(),
  of: oneOf(ALERT_SCOPES)
    .describe('level: a process itself, or with all below it; process without.')
    .optional(),
  metric: oneOf(ALERT_METRICS).describe('What processes are told by; rss without.').optional(),
  line: oneOf(PSI_LINES).describe('psi: some or all tasks wait; full without.').optional(),
  average: oneOf(PSI_AVERAGES).describe('psi: over 10 or 60 seconds; avg60 without.').optional(),
  rise: text.describe('spike: the smallest rise above the median; 256MiB without.').optional(),
  deviations: z
    .number({ error: DEVIATIONS_HELP })
    .min(1, { error: DEVIATIONS_HELP })
    .max(100, { error: DEVIATIONS_HELP })
    .describe('spike: how many robust deviations above the median; 3 without.')
    .optional(),
};

const alertRule = strict(shape, 'A figure that is held against a limit.').superRefine((rule, context) => {
  for (const { field, help } of alertFaults(rule as AlertRuleConfig))
    context.addIssue({ code: 'custom', path: [field], message: help });
}) as z.ZodType<AlertRuleConfig>;

export const alertRules = listOf(alertRule, 0, ALERT_LIMITS.rules).describe(
  'Rules of alerts. Without this key there are a few that are of use anywhere; an empty list is none.',
);

/** As the API tells it. */
export const alertRuleTold = z.object(shape) as unknown as z.ZodType<AlertRuleConfig>;
