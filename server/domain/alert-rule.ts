import { DAY_MS } from './durations.ts';

/**
 * Rules of alerts: a figure that is held against a limit, as it is configured and as it is computed with. None of them
 * judges growth over hours.
 */

export const ALERT_SEVERITIES = ['warning', 'critical'] as const;
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number];

/** What a process is told by. */
export const ALERT_METRICS = ['rss', 'pss', 'swap'] as const;
export type AlertMetric = (typeof ALERT_METRICS)[number];

/** Of each process itself, or with all below it. */
export const ALERT_SCOPES = ['process', 'subtree'] as const;
export const PSI_LINES = ['some', 'full'] as const;
export const PSI_AVERAGES = ['avg10', 'avg60'] as const;

export const ALERT_LIMITS = { rules: 50, longestMs: 7 * DAY_MS } as const;

/** A rule as it is written. What each kind needs and takes stands in `ALERT_KINDS`. */
export interface AlertRuleConfig {
  readonly name: string;
  readonly kind: AlertKind;
  readonly severity?: AlertSeverity | undefined;
  /** `4GiB`, or `5%`. */
  readonly limit?: string | undefined;
  readonly clear?: string | undefined;
  readonly for?: string | undefined;
  readonly cool_down?: string | undefined;
  readonly watch?: string | undefined;
  readonly of?: (typeof ALERT_SCOPES)[number] | undefined;
  readonly metric?: AlertMetric | undefined;
  readonly line?: (typeof PSI_LINES)[number] | undefined;
  readonly average?: (typeof PSI_AVERAGES)[number] | undefined;
  readonly rise?: string | undefined;
  readonly deviations?: number | undefined;
}

type Field = Exclude<keyof AlertRuleConfig, 'name' | 'kind' | 'severity' | 'cool_down'>;

interface KindOfRule {
  readonly help: string;
  readonly needs: readonly Field[];
  readonly takes: readonly Field[];
  /** What a limit may be. */
  readonly limits: readonly ('size' | 'percent')[];
  /** How long it must hold where the rule does not say. */
  readonly for: string;
}

export const ALERT_KINDS = {
  level: {
    help: 'One process, or one with all below it, of all or of a watch group, has more than the limit.',
    needs: ['limit'],
    takes: ['clear', 'for', 'watch', 'of', 'metric'],
    limits: ['size'],
    for: '1m',
  },
  budget: {
    help: 'The processes of a watch group together have more than the limit.',
    needs: ['limit', 'watch'],
    takes: ['clear', 'for', 'metric'],
    limits: ['size'],
    for: '1m',
  },
  spike: {
    help: 'Used memory, or that of a watch group, leaves what the 60 samples before were like.',
    needs: [],
    takes: ['for', 'watch', 'metric', 'rise', 'deviations'],
    limits: [],
    for: '0s',
  },
  psi: {
    help: 'Tasks wait for memory for more than this part of the time.',
    needs: ['limit'],
    takes: ['clear', 'for', 'line', 'average'],
    limits: ['percent'],
    for: '1m',
  },
  mem_available: {
    help: 'MemAvailable is below the limit, a size or a part of MemTotal.',
    needs: ['limit'],
    takes: ['clear', 'for'],
    limits: ['size', 'percent'],
    for: '1m',
  },
  swap: {
    help: 'More swap is used than the limit, a size or a part of all swap.',
    needs: ['limit'],
    takes: ['clear', 'for'],
    limits: ['size', 'percent'],
    for: '1m',
  },
  oom: {
    help: 'The kernel killed processes for lack of memory in the last 10 minutes.',
    needs: [],
    takes: [],
    limits: [],
    for: '0s',
  },
} as const satisfies Readonly<Record<string, KindOfRule>>;

export type AlertKind = keyof typeof ALERT_KINDS;
export const ALERT_KIND_IDS = Object.keys(ALERT_KINDS) as [AlertKind, ...AlertKind[]];

/** A size in bytes, or a part: of 1 where it is of something, of 100 as the kernel tells pressure. */
export interface AlertLimit {
  readonly value: number;
  readonly isPart: boolean;
}

/** A rule to compute with; what its kind does not take has its default. */
export interface AlertRule {
  readonly name: string;
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  /** `null`: the kind has none of its own. */
  readonly limit: AlertLimit | null;
  /** Where an alert ends; it is on the better side of the limit. */
  readonly clear: AlertLimit | null;
  readonly forMs: number;
  readonly coolDownMs: number;
  /** Name of a watch group; `null`: the host, or all of its processes. */
  readonly watch: string | null;
  readonly of: (typeof ALERT_SCOPES)[number];
  readonly metric: AlertMetric;
  readonly line: (typeof PSI_LINES)[number];
  readonly average: (typeof PSI_AVERAGES)[number];
  readonly riseBytes: number;
  readonly deviations: number;
}

/**
 * Where no rules are written: what is trouble on any host. Its own tools act near these figures (earlyoom: 10 % of
 * memory and of swap; systemd-oomd: 90 % of swap).
 */
export const DEFAULT_ALERT_RULES: readonly AlertRuleConfig[] = [
  { name: 'Memory is running out', kind: 'mem_available', severity: 'critical', limit: '5%', clear: '7%' },
  {
    ...{ name: 'Everything waits for memory', kind: 'psi', severity: 'critical', limit: '10%', clear: '5%' },
    ...{ line: 'full', average: 'avg60' },
  },
  { name: 'Swap is running out', kind: 'swap', limit: '80%', clear: '70%', for: '5m' },
  { name: 'OOM kill', kind: 'oom', severity: 'critical' },
];

/** Whether a figure alarms below its limit, not above it. */
export function isAlarmBelow({ kind }: Pick<AlertRule, 'kind'>): boolean {
  return kind === 'mem_available';
}
