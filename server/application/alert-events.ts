import type { AlertRuleConfig } from '../domain/alert-rule.ts';
import type { HostEvent } from '../domain/events.ts';
import { readAlertRule } from '../domain/read-alert-rule.ts';
import { lastAtOrBefore, MEDIAN_REACH } from '../domain/timeline.ts';
import type { AlertSources } from './evaluate-alerts.ts';
import { evaluateAlerts, isOfHost, rulesInForce } from './evaluate-alerts.ts';
import type { EventsOf } from './event-views.ts';
import type { HostSpine, InstantRange } from './ports.ts';

/**
 * Alerts as events of a host, of a stretch however long: only those about its own figures, which are all in memory. An
 * OOM kill is an event of its own.
 */

/** What rules say of the samples up to an instant. */
interface Told {
  readonly rules: string;
  readonly from: number;
  readonly to: number;
  readonly samples: number;
  readonly events: readonly HostEvent[];
}

const NOTHING: readonly HostEvent[] = [];

function rulesAboutHosts({ rules }: AlertSources): readonly AlertRuleConfig[] {
  return rulesInForce(rules).filter((given) => given.kind !== 'oom' && isOfHost(readAlertRule(given)));
}

async function alertsIn(
  sources: AlertSources,
  host: string,
  range: InstantRange,
  rules: readonly AlertRuleConfig[],
): Promise<readonly HostEvent[]> {
  const evaluated = await evaluateAlerts(sources, host, range, rules);
  return evaluated.flatMap(({ rule: { name }, run }) =>
    run.episodes
      .filter(({ ended }) => ended === null || ended >= range.from)
      .map(({ fired, ended }): HostEvent => {
        const alert = { t: fired, kind: 'alert', rule: name } as const;
        return ended === null ? alert : { ...alert, to: ended };
      }),
  );
}

/** Whether all that was told is of these samples, and these rules, still; later samples do not matter. */
function holds(told: Told, rules: string, { t }: HostSpine): boolean {
  return told.rules === rules && t[0] === told.from && lastAtOrBefore(t, told.to) + 1 === told.samples;
}

/** Those that are over stay as they are; what may go on is looked at again with the samples that are new. */
async function tellAll(
  sources: AlertSources,
  host: string,
  told: Told | undefined,
): Promise<Told | undefined> {
  const about = rulesAboutHosts(sources);
  const rules = JSON.stringify(about);
  const spine = sources.history.spine(host);
  const { t } = spine;
  if (t.length === 0) return undefined;
  const known = told && holds(told, rules, spine) ? told : null;
  if (known?.samples === t.length) return known;
  const { events: before = NOTHING, samples: seen = 0 } = known ?? {};
  const goingOn = before.filter(({ to }) => to === undefined);
  // Whether there was a gap may hang on so many samples after it.
  const from = Math.min(t[Math.max(0, seen - 1 - MEDIAN_REACH)], ...goingOn.map((event) => event.t));
  const range = { from, to: t[t.length - 1] };
  const over = before.filter(({ to }) => to !== undefined && to < from);
  const events = [...over, ...(await alertsIn(sources, host, range, about))];
  return { rules, from: t[0], to: range.to, samples: t.length, events };
}

/** A year of samples is evaluated once, and what comes after it as it comes. */
export function openAlertEvents(sources: AlertSources): EventsOf {
  const toldOf = new Map<string, Told>();
  return async (host, range) => {
    const told = await tellAll(sources, host, toldOf.get(host));
    if (!told) return NOTHING;
    toldOf.set(host, told);
    return told.events.filter(({ t, to }) => t <= range.to && (to === undefined || to >= range.from));
  };
}
