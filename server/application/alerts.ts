import type { FindCulprit } from './alert-culprit.ts';
import { openCulprits } from './alert-culprit.ts';
import { openAlertEvents } from './alert-events.ts';
import { openAlertMeasures } from './alert-measures.ts';
import type { AcknowledgementStore, AlertRuleStore } from './alert-ports.ts';
import type { AlertSources } from './evaluate-alerts.ts';
import type { EventsOf } from './event-views.ts';
import type { History } from './ports.ts';
import type { WatchGroupStore } from './watch-group-store.ts';

/** What alerts are told from. */
export interface Alerts extends AlertSources {
  readonly culprits: FindCulprit;
  /** Those about the host's figures, as events of it. */
  readonly events: EventsOf;
  readonly acknowledgements: AcknowledgementStore;
  /** Why the configuration cannot be used as it is now. */
  readonly trouble: WatchGroupStore['trouble'];
}

/** What is measured of samples, and who it was, is kept from one question to the next. */
export function openAlerts(
  history: History,
  configuration: AlertRuleStore & Pick<WatchGroupStore, 'groups' | 'trouble'>,
  acknowledgements: AcknowledgementStore,
): Alerts {
  const sources: AlertSources = {
    history,
    rules: configuration,
    groups: configuration,
    measures: openAlertMeasures(history),
  };
  return {
    ...sources,
    trouble: configuration.trouble,
    culprits: openCulprits(history),
    events: openAlertEvents(sources),
    acknowledgements,
  };
}
