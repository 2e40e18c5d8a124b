import type { RuleSeries } from '../domain/alert-figures.ts';
import { alertFigures, hostAlertSeries, withLimits } from '../domain/alert-figures.ts';
import type { AlertRule, AlertRuleConfig } from '../domain/alert-rule.ts';
import { DEFAULT_ALERT_RULES, isAlarmBelow } from '../domain/alert-rule.ts';
import type { AlertRun } from '../domain/alert-state.ts';
import { INACTIVE, runAlert } from '../domain/alert-state.ts';
import { DAY_MS, HOUR_MS } from '../domain/durations.ts';
import { readAlertRule } from '../domain/read-alert-rule.ts';
import type { Gap } from '../domain/timeline.ts';
import { firstAtOrAfter, lastAtOrBefore } from '../domain/timeline.ts';
import type { WatchGroup } from '../domain/watch-group.ts';
import type { AlertMeasures } from './alert-measures.ts';
import type { AlertRuleStore } from './alert-ports.ts';
import { gapsOf } from './choose-samples.ts';
import type { History, HostSpine, InstantRange } from './ports.ts';
import type { WatchGroupStore } from './watch-group-store.ts';

/** What became of every rule over recorded samples. Nothing is kept of it: the samples say it again. */

/** What rules are evaluated by. */
export interface AlertSources {
  readonly history: History;
  readonly rules: AlertRuleStore;
  readonly groups: Pick<WatchGroupStore, 'groups'>;
  readonly measures: AlertMeasures;
}

export interface EvaluatedRule {
  readonly given: AlertRuleConfig;
  readonly rule: AlertRule;
  /** Which it names. */
  readonly group: WatchGroup | null;
  /** Why it cannot be evaluated, one sentence. */
  readonly obstacle: string | null;
  readonly series: RuleSeries;
  readonly gaps: readonly Gap[];
  readonly run: AlertRun;
}

/** Rules about processes read every process of each sample: further back they are not looked at. */
export const PROCESS_REACH_MS = 7 * DAY_MS;
/** An alert of the range is found whole if it, and what came before of its rule, began in this time before. */
const LEAD_MS = { host: 7 * DAY_MS, processes: 6 * HOUR_MS } as const;

const NO_SERIES: RuleSeries = { t: [], value: [], limit: [], clear: [], whole: [] };

/** The rules that hold, as they are written. */
export function rulesInForce(rules: AlertRuleStore): readonly AlertRuleConfig[] {
  return rules.alertRules() ?? DEFAULT_ALERT_RULES;
}

/** Whether a rule is about figures of the host, which are all in memory. */
export function isOfHost(rule: AlertRule): boolean {
  return alertFigures(rule).length > 0;
}

async function hostSeries(history: History, host: string, rule: AlertRule, range: InstantRange) {
  const whole = { from: range.from - LEAD_MS.host - rule.forMs, to: range.to };
  const gaps = gapsOf(history.spine(host), whole);
  const figures = await history.readSystem(host, alertFigures(rule), whole);
  return { gaps, series: hostAlertSeries(rule, figures, gaps) };
}

/** Instants of samples, and which of them have processes. */
function instantsIn({ t, hasProcesses }: HostSpine, { from, to }: InstantRange) {
  const [first, end] = [firstAtOrAfter(t, from), lastAtOrBefore(t, to) + 1];
  return { t: t.slice(first, end), isKnown: hasProcesses.slice(first, end).map((has) => has === 1) };
}

async function processSeries(
  { history, measures }: AlertSources,
  host: string,
  about: { readonly rule: AlertRule; readonly group: WatchGroup | null },
  range: InstantRange,
) {
  const lead = LEAD_MS.processes + about.rule.forMs;
  const from = Math.max(range.from - lead, range.to - PROCESS_REACH_MS);
  const spine = history.spine(host);
  const { t, isKnown } = instantsIn(spine, { from, to: range.to });
  const gaps = gapsOf(spine, { from, to: range.to });
  const known = t.filter((_, at) => isKnown[at]);
  const measured = (await measures.read(host, about, known)).values();
  const value = Float64Array.from(t, (_, at) =>
    isKnown[at] ? (measured.next().value ?? Number.NaN) : Number.NaN,
  );
  const whole = new Float64Array(t.length).fill(Number.NaN);
  return { gaps, series: withLimits(about.rule, { t, value, whole }, gaps) };
}

async function evaluateRule(
  sources: AlertSources,
  host: string,
  given: AlertRuleConfig,
  range: InstantRange,
): Promise<EvaluatedRule> {
  const rule = readAlertRule(given);
  const group = sources.groups.groups().find(({ name }) => name === rule.watch) ?? null;
  if (rule.watch !== null && !group) {
    const obstacle = `There is no watch group ${rule.watch}.`;
    return {
      given,
      rule,
      group,
      obstacle,
      series: NO_SERIES,
      gaps: [],
      run: { state: INACTIVE, episodes: [] },
    };
  }
  const { series, gaps } = isOfHost(rule)
    ? await hostSeries(sources.history, host, rule, range)
    : await processSeries(sources, host, { rule, group }, range);
  const pace = { isBelow: isAlarmBelow(rule), forMs: rule.forMs, coolDownMs: rule.coolDownMs };
  const run = runAlert(pace, series, new Set(gaps.map(({ to }) => to)));
  return { given, rule, group, obstacle: null, series, gaps, run };
}

/**
 * Every rule up to the end of a range: those about the host's figures from a week before it on, those about
 * processes from some hours before it on, and no more than a week in all.
 */
export async function evaluateAlerts(
  sources: AlertSources,
  host: string,
  range: InstantRange,
  rules: readonly AlertRuleConfig[] = rulesInForce(sources.rules),
): Promise<readonly EvaluatedRule[]> {
  const evaluated: EvaluatedRule[] = [];
  for (const given of rules) evaluated.push(await evaluateRule(sources, host, given, range));
  return evaluated;
}
