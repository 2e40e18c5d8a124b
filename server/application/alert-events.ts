import type { HostEvent } from '../domain/events.ts';
import { readAlertRule } from '../domain/read-alert-rule.ts';
import type { AlertSources } from './evaluate-alerts.ts';
import { evaluateAlerts, isOfHost, rulesInForce } from './evaluate-alerts.ts';
import type { EventsOf } from './event-views.ts';

/**
 * Alerts as events of a host, of a stretch however long: only those about its own figures, which are all in memory. An
 * OOM kill is an event of its own.
 */
export function openAlertEvents(sources: AlertSources): EventsOf {
  return async (host, range) => {
    const rules = rulesInForce(sources.rules).filter(
      (given) => given.kind !== 'oom' && isOfHost(readAlertRule(given)),
    );
    const evaluated = await evaluateAlerts(sources, host, range, rules);
    return evaluated.flatMap(({ rule: { name }, run }) =>
      run.episodes
        .filter(({ ended }) => ended === null || ended >= range.from)
        .map(({ fired, ended }): HostEvent => {
          const alert = { t: fired, kind: 'alert', rule: name } as const;
          return ended === null ? alert : { ...alert, to: ended };
        }),
    );
  };
}
