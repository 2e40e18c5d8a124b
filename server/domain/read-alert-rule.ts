import type { AlertKind, AlertLimit, AlertRule, AlertRuleConfig } from './alert-rule.ts';
import { ALERT_KINDS, ALERT_LIMITS, isAlarmBelow } from './alert-rule.ts';
import { parseBytes, parseDuration } from './units.ts';

/** From a rule as it is written to one to compute with. */

/** Without `clear` an alert ends this part of the limit away from it: a figure that trembles there alarms once. */
const HYSTERESIS = 0.1;

const PERCENT = /^(\d+(?:\.\d+)?) ?%$/;

/** `5%` of a whole is 0.05; of pressure, 5. `null`: the kind takes no such limit. */
function parseLimit(kind: AlertKind, text: string): AlertLimit | null {
  const limits: readonly string[] = ALERT_KINDS[kind].limits;
  const percent = PERCENT.exec(text.trim());
  if (percent) {
    const value = Number(percent[1]);
    if (!limits.includes('percent') || value > 100) return null;
    return kind === 'psi' ? { value, isPart: false } : { value: value / 100, isPart: true };
  }
  const bytes = limits.includes('size') ? parseBytes(text) : null;
  return bytes === null ? null : { value: bytes, isPart: false };
}

function usualClear(kind: AlertKind, { value, isPart }: AlertLimit): AlertLimit {
  return { value: value * (isAlarmBelow({ kind }) ? 1 + HYSTERESIS : 1 - HYSTERESIS), isPart };
}

export interface AlertFault {
  readonly field: keyof AlertRuleConfig;
  readonly help: string;
}

const LIMIT_HELP: Readonly<Record<string, string>> = {
  size: 'A size, such as 4GiB.',
  percent: 'A part, such as 10%.',
  'size,percent': 'A size, such as 500MiB, or a part, such as 5%.',
};

function limitFaults({ kind, limit, clear }: AlertRuleConfig): AlertFault[] {
  const help = LIMIT_HELP[ALERT_KINDS[kind].limits.join()] ?? '';
  const [high, low] = [limit, clear].map((text) => (text === undefined ? null : parseLimit(kind, text)));
  if (limit !== undefined && !high) return [{ field: 'limit', help }];
  if (clear === undefined || !high) return [];
  if (!low || low.isPart !== high.isPart) return [{ field: 'clear', help: `${help} As the limit.` }];
  const isBetter = isAlarmBelow({ kind }) ? low.value >= high.value : low.value <= high.value;
  const side = isAlarmBelow({ kind }) ? 'below' : 'above';
  return isBetter ? [] : [{ field: 'clear', help: `An alert cannot end ${side} its own limit.` }];
}

const TIME_HELP = 'A time of 0s to 7d, such as 2m.';

function timeFaults(rule: AlertRuleConfig): AlertFault[] {
  return (['for', 'cool_down'] as const).flatMap((field) => {
    const text = rule[field];
    if (text === undefined) return [];
    const ms = parseDuration(text);
    return ms === null || ms > ALERT_LIMITS.longestMs ? [{ field, help: TIME_HELP }] : [];
  });
}

const COMMON: readonly (keyof AlertRuleConfig)[] = ['name', 'kind', 'severity', 'cool_down'];

/** Why a rule cannot be used. */
export function alertFaults(rule: AlertRuleConfig): readonly AlertFault[] {
  const { kind, rise } = rule;
  const needs: readonly (keyof AlertRuleConfig)[] = ALERT_KINDS[kind].needs;
  const known: readonly string[] = [...COMMON, ...needs, ...ALERT_KINDS[kind].takes];
  const given = (Object.keys(rule) as (keyof AlertRuleConfig)[]).filter((id) => rule[id] !== undefined);
  return [
    ...given
      .filter((field) => !known.includes(field))
      .map((field) => ({ field, help: `A rule of kind ${kind} takes ${known.join(', ')}.` })),
    ...needs
      .filter((field) => rule[field] === undefined)
      .map((field) => ({ field, help: `A rule of kind ${kind} needs it.` })),
    ...limitFaults(rule),
    ...timeFaults(rule),
    ...(rule.of === 'subtree' && kind === 'level' && rule.watch === undefined
      ? [{ field: 'watch' as const, help: 'With subtree, a watch group says where subtrees begin.' }]
      : []),
    ...(rise !== undefined && parseBytes(rise) === null
      ? [{ field: 'rise' as const, help: LIMIT_HELP.size }]
      : []),
  ];
}

function limitsOf({ kind, limit: text, clear: back }: AlertRuleConfig): Pick<AlertRule, 'limit' | 'clear'> {
  const limit = text === undefined ? null : parseLimit(kind, text);
  const clear = back === undefined ? limit && usualClear(kind, limit) : parseLimit(kind, back);
  return { limit, clear };
}

/** With what each rule has where it does not say. @param given has no faults */
export function readAlertRule(given: AlertRuleConfig): AlertRule {
  const { name, kind, severity = 'warning', watch = null, of = 'process', metric = 'rss' } = given;
  const { line = 'full', average = 'avg60', deviations = 3, rise = '256MiB' } = given;
  const { for: held = ALERT_KINDS[kind].for, cool_down = '10m' } = given;
  return {
    ...{ name, kind, severity, watch, of, metric, line, average, deviations },
    ...limitsOf(given),
    forMs: parseDuration(held) ?? 0,
    coolDownMs: parseDuration(cool_down) ?? 0,
    riseBytes: parseBytes(rise) ?? 0,
  };
}
