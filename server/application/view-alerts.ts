import type { RuleSeries } from '../domain/alert-figures.ts';
import type { AlertRuleConfig, AlertSeverity } from '../domain/alert-rule.ts';
import type { AlertEpisode, AlertPhase } from '../domain/alert-state.ts';
import type { AlertFigures, AlertUnit } from '../domain/alert-text.ts';
import { alertUnit, alertWhyText } from '../domain/alert-text.ts';
import { breakAtGaps, thin, valuesAlong } from '../domain/downsample.ts';
import { DAY_MS } from '../domain/durations.ts';
import { longNameOf } from '../domain/short-names.ts';
import { formatInstant } from '../domain/stamp.ts';
import { firstAtOrAfter, lastAtOrBefore } from '../domain/timeline.ts';
import { formatBytes } from '../domain/units.ts';
import type { AlertCulprit } from './alert-culprit.ts';
import type { Acknowledgement } from './alert-ports.ts';
import type { Alerts } from './alerts.ts';
import { chooseHost, chooseRange } from './choose-instant.ts';
import type { EvaluatedRule } from './evaluate-alerts.ts';
import { evaluateAlerts, isOfHost, PROCESS_REACH_MS } from './evaluate-alerts.ts';
import type { SnapshotsRequest } from './list-snapshots.ts';
import type { History, InstantRange } from './ports.ts';
import { troubleText } from './view-watch-groups.ts';

/** What alarmed in a stretch of time, why, who it was, and what still does at its end. */

/** A figure along time for a small chart; `null` marks a gap or an unknown value. */
export interface AlertChart {
  readonly t: number[];
  readonly value: (number | null)[];
  readonly limit: (number | null)[];
}

export interface AlertView {
  readonly rule: string;
  readonly kind: AlertRuleConfig['kind'];
  readonly severity: AlertSeverity;
  readonly unit: AlertUnit;
  readonly since: string;
  readonly is_older: boolean;
  readonly fired: string;
  readonly ended: string | null;
  readonly value: number | null;
  readonly limit: number | null;
  readonly whole: number | null;
  readonly peak: { readonly ts: string; readonly value: number | null };
  readonly culprit: AlertCulprit | null;
  readonly acknowledged: string | null;
  readonly text: string;
  readonly chart: AlertChart;
}

export interface AlertRuleView {
  readonly rule: AlertRuleConfig;
  readonly unit: AlertUnit;
  readonly state: AlertPhase | 'unknown';
  readonly obstacle: string | null;
  readonly evaluated_from: string | null;
  readonly value: number | null;
  readonly limit: number | null;
  readonly chart: AlertChart;
}

export interface AlertsView {
  readonly host: string;
  readonly range: { readonly from: string; readonly to: string };
  readonly are_usual: boolean;
  readonly trouble: string | null;
  readonly rules: AlertRuleView[];
  readonly firing: AlertView[];
  readonly resolved: AlertView[];
  readonly resolved_total: number;
}

/** Of a page that does not say. */
const USUAL_RANGE_MS = DAY_MS;
/** The newest; the predecessor kept as many. */
const MOST_RESOLVED = 100;
/** Four samples each at most. */
const CHART_COLUMNS = 24;
/** Beside an alert at least so much is drawn. */
const LEAST_BESIDE_MS = 600_000;

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

function chartOf({ series, gaps }: EvaluatedRule, { from, to }: InstantRange): AlertChart {
  const [first, end] = [firstAtOrAfter(series.t, from), lastAtOrBefore(series.t, to) + 1];
  const part = (values: ArrayLike<number>) => Array.prototype.slice.call(values, first, end) as number[];
  const [t, value, limit] = [series.t, series.value, series.limit].map(part);
  const axis = breakAtGaps(t, thin(t, [value], CHART_COLUMNS).indices, gaps);
  return { t: [...axis.t], value: valuesAlong(axis, value), limit: valuesAlong(axis, limit) };
}

function acknowledgedAt(
  all: readonly Acknowledgement[],
  host: string,
  rule: string,
  { since, ended }: AlertEpisode,
): string | null {
  const found = all.find(
    (one) => one.host === host && one.rule === rule && since <= one.t && one.t <= (ended ?? one.t),
  );
  return found ? formatInstant(found.at) : null;
}

function culpritText(kind: AlertRuleConfig['kind'], culprit: AlertCulprit | null): string {
  if (!culprit) return '';
  const verb = kind === 'level' ? 'It was' : 'Most was held by';
  const { processes, bytes, rss_is_upper_bound: isMost } = culprit;
  const below = processes > 1 ? ` and ${processes - 1} below it` : '';
  return `. ${verb} ${longNameOf(culprit)}${below}: ${isMost ? 'at most ' : ''}${formatBytes(bytes)}`;
}

interface Found {
  readonly evaluated: EvaluatedRule;
  readonly episode: AlertEpisode;
}

/** What made an alert fire. */
export function figuresAt(series: RuleSeries, { since, fired }: AlertEpisode): AlertFigures {
  const at = lastAtOrBefore(series.t, fired);
  return {
    value: known(series.value[at]),
    limit: known(series.limit[at]),
    whole: known(series.whole[at]),
    seconds: (fired - since) / 1000,
  };
}

/** Somewhat more than the alert, so that its way up and down is seen. */
function rangeAround({ since, ended }: AlertEpisode, last: number): InstantRange {
  const beside = Math.max(LEAST_BESIDE_MS, ((ended ?? last) - since) / 2);
  return { from: since - beside, to: (ended ?? last) + beside };
}

function alertView(
  found: Found,
  culprit: AlertCulprit | null,
  acknowledged: string | null,
  range: InstantRange,
): AlertView {
  const { evaluated, episode } = found;
  const { rule, series } = evaluated;
  const figures = figuresAt(series, episode);
  const { value, limit, whole } = figures;
  const peakAt = lastAtOrBefore(series.t, episode.peak);
  return {
    ...{ rule: rule.name, kind: rule.kind, severity: rule.severity, unit: alertUnit(rule) },
    since: formatInstant(episode.since),
    is_older: episode.since === series.t[0],
    fired: formatInstant(episode.fired),
    ended: episode.ended === null ? null : formatInstant(episode.ended),
    ...{ value, limit, whole },
    peak: { ts: formatInstant(episode.peak), value: known(series.value[peakAt]) },
    ...{ culprit, acknowledged },
    text: `${alertWhyText(rule, figures)}${culpritText(rule.kind, culprit)}.`,
    chart: chartOf(evaluated, rangeAround(episode, range.to)),
  };
}

/** Whether all of the range was looked at. */
function reachesBack({ rule }: EvaluatedRule, { from, to }: InstantRange): boolean {
  return isOfHost(rule) || to - from <= PROCESS_REACH_MS;
}

function ruleView(evaluated: EvaluatedRule, range: InstantRange): AlertRuleView {
  const { given, rule, obstacle, series, run } = evaluated;
  const last = series.t.length - 1;
  const isKnown = last >= 0 && !Number.isNaN(series.value[last]) && !Number.isNaN(series.limit[last]);
  return {
    rule: given,
    unit: alertUnit(rule),
    state: isKnown || run.state.phase === 'firing' ? run.state.phase : 'unknown',
    obstacle,
    evaluated_from: last < 0 || reachesBack(evaluated, range) ? null : formatInstant(series.t[0]),
    value: known(series.value[last]),
    limit: known(series.limit[last]),
    chart: chartOf(evaluated, range),
  };
}

/** What is asked for, as far as it is recorded; the last day of it where nothing says when it begins. */
function rangeOf(history: History, host: string, request: SnapshotsRequest, zone: string): InstantRange {
  const spine = history.spine(host);
  const asked = chooseRange(spine, request, zone);
  const to = Math.min(asked.to, spine.t.at(-1) ?? asked.to);
  const from = request.from === undefined ? Math.max(asked.from, to - USUAL_RANGE_MS) : asked.from;
  return { from: Math.min(from, to), to };
}

/** The newest first. */
function episodesOf(evaluated: readonly EvaluatedRule[], { from }: InstantRange): Found[] {
  return evaluated
    .flatMap((one) => one.run.episodes.map((episode) => ({ evaluated: one, episode })))
    .filter(({ episode: { ended } }) => ended === null || ended >= from)
    .sort((a, b) => b.episode.fired - a.episode.fired);
}

/** One after the other: each may read a whole sample. */
async function inOrder<Item, Result>(
  items: readonly Item[],
  make: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const made: Result[] = [];
  for (const item of items) made.push(await make(item));
  return made;
}

/**
 * What each rule says at the end of a range, and which alerts there were in it.
 * @throws MemoryInspectorError `no_system_dumps`, `unknown_host`, `bad_parameter`, `cannot_read`
 */
export async function viewAlerts(
  sources: Alerts,
  request: SnapshotsRequest,
  zone: string,
): Promise<AlertsView> {
  const { history, acknowledgements } = sources;
  const host = chooseHost(history, request.host, 'system');
  const range = rangeOf(history, host, request, zone);
  const evaluated = await evaluateAlerts(sources, host, range);
  const acknowledged = await acknowledgements.list();
  const all = episodesOf(evaluated, range);
  const view = async (found: Found) => {
    const { evaluated: one, episode } = found;
    const culprit = await sources.culprits(host, one, episode.fired);
    return alertView(found, culprit, acknowledgedAt(acknowledged, host, one.rule.name, episode), range);
  };
  const resolved = all.filter(({ episode }) => episode.ended !== null);
  return {
    host,
    range: { from: formatInstant(range.from), to: formatInstant(range.to) },
    are_usual: sources.rules.alertRules() === null,
    trouble: troubleText(sources),
    rules: evaluated.map((one) => ruleView(one, range)),
    firing: await inOrder(
      all.filter(({ episode }) => episode.ended === null),
      view,
    ),
    resolved: await inOrder(resolved.slice(0, MOST_RESOLVED), view),
    resolved_total: resolved.length,
  };
}
