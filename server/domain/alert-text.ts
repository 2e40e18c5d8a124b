import type { AlertMetric, AlertRule } from './alert-rule.ts';
import { isAlarmBelow } from './alert-rule.ts';
import { killText } from './events.ts';
import { formatBytes, formatDuration } from './units.ts';

/** Rules and alerts in plain words. Server, terminal and browser say them alike, each in its own unit. */

const METRIC_LABELS: Readonly<Record<AlertMetric, string>> = { rss: 'RSS', pss: 'PSS', swap: 'Swap' };

/** What a rule looks at: `MemAvailable`, `RSS of desktop`, `RSS of one process of desktop`. */
export function alertSubject({ kind, watch, of, metric, line, average }: AlertRule): string {
  if (kind === 'psi') return `PSI ${line} ${average}`;
  if (kind === 'mem_available') return 'MemAvailable';
  if (kind === 'swap') return 'Swap used';
  if (kind === 'oom') return 'OOM kills in 10 minutes';
  if (kind === 'level') {
    const one = of === 'subtree' ? 'one process and all below it' : 'one process';
    return `${METRIC_LABELS[metric]} of ${one}${watch === null ? '' : `, in ${watch}`}`;
  }
  return watch === null ? 'Used memory' : `${METRIC_LABELS[metric]} of ${watch}`;
}

function percentText(percent: number): string {
  return `${Number(percent.toPrecision(3))} %`;
}

function limitText({ kind, limit }: AlertRule, isDecimal: boolean): string {
  if (!limit) return '';
  if (kind === 'psi') return percentText(limit.value);
  if (!limit.isPart) return formatBytes(limit.value, isDecimal);
  return `${percentText(limit.value * 100)} of ${kind === 'swap' ? 'all swap' : 'MemTotal'}`;
}

/** ` for 2m`: parts that are 0 at the end are left out. */
function heldText(seconds: number): string {
  return seconds > 0 ? ` for ${formatDuration(seconds).replace(/(?: 0[hms])+$/, '')}` : '';
}

/** The rule in plain words: `MemAvailable below 5 % of MemTotal for 1m`. */
export function alertRuleText(rule: AlertRule, isDecimal = false): string {
  const { kind, deviations, riseBytes, forMs } = rule;
  const held = heldText(forMs / 1000);
  if (kind === 'oom') return 'The kernel killed a process for lack of memory';
  const subject = alertSubject(rule);
  if (kind === 'spike')
    return `${subject} ${formatBytes(riseBytes, isDecimal)} and ${deviations} deviations above the median of 60 samples${held}`;
  return `${subject} ${isAlarmBelow(rule) ? 'below' : 'above'} ${limitText(rule, isDecimal)}${held}`;
}

/** What a figure of a rule is read as. */
export type AlertUnit = 'bytes' | 'percent' | 'count';

export function alertUnit({ kind }: Pick<AlertRule, 'kind'>): AlertUnit {
  if (kind === 'psi') return 'percent';
  return kind === 'oom' ? 'count' : 'bytes';
}

export function formatAlertValue(value: number | null, unit: AlertUnit, isDecimal = false): string {
  if (value === null) return '–';
  if (unit === 'bytes') return formatBytes(value, isDecimal);
  if (unit === 'percent') return percentText(value);
  return value === 1 ? '1 kill' : `${value} kills`;
}

/** What made an alert fire. */
export interface AlertFigures {
  readonly value: number | null;
  /** What it was held against then, in the value's unit. */
  readonly limit: number | null;
  /** What the limit is a part of, bytes. */
  readonly whole: number | null;
  /** How long it had been beyond the limit. */
  readonly seconds: number;
}

function beyondText(rule: AlertRule, { limit, whole }: AlertFigures, isDecimal: boolean): string {
  const { kind, deviations, riseBytes } = rule;
  const text = formatAlertValue(limit, alertUnit(rule), isDecimal);
  if (kind === 'spike') {
    const rise = formatBytes(riseBytes, isDecimal);
    return `${text} (${deviations} deviations or ${rise} over the median of the 60 samples before)`;
  }
  if (!rule.limit?.isPart) return text;
  return `${percentText(rule.limit.value * 100)} of ${formatBytes(whole, isDecimal)}`;
}

/** Why an alert fired: `MemAvailable 412 MiB, below 5 % of 15.6 GiB for 2m`. */
export function alertWhyText(rule: AlertRule, figures: AlertFigures, isDecimal = false): string {
  const { value, seconds } = figures;
  if (rule.kind === 'oom') return killText(value ?? 0);
  const side = isAlarmBelow(rule) ? 'below' : 'above';
  const held = heldText(seconds);
  const told = formatAlertValue(value, alertUnit(rule), isDecimal);
  return `${alertSubject(rule)} ${told}, ${side} ${beyondText(rule, figures, isDecimal)}${held}`;
}
