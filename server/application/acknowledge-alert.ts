import type { AlertEpisode } from '../domain/alert-state.ts';
import { MemoryInspectorError } from '../domain/errors.ts';
import { formatInstant } from '../domain/stamp.ts';
import type { AcknowledgementStore } from './alert-ports.ts';
import { chooseHost } from './choose-instant.ts';
import type { AlertSources } from './evaluate-alerts.ts';
import { evaluateAlerts, rulesInForce } from './evaluate-alerts.ts';

/** An alert that somebody knows of, or no longer says so. */
export interface AcknowledgeRequest {
  readonly host?: string | undefined;
  /** Its rule's name. */
  readonly rule: string;
  /** When it fired, epoch ms. */
  readonly fired: number;
  readonly acknowledged: boolean;
}

export interface AcknowledgedView {
  readonly rule: string;
  readonly fired: string;
  readonly acknowledged: string | null;
}

/** @throws `bad_parameter` */
async function findEpisode(
  sources: AlertSources,
  host: string,
  { rule, fired }: AcknowledgeRequest,
): Promise<AlertEpisode> {
  const rules = rulesInForce(sources.rules).filter(({ name }) => name === rule);
  if (rules.length === 0)
    throw new MemoryInspectorError('bad_parameter', `There is no rule ${rule}`, {
      field: 'rule',
      next: 'GET /api/v1/alerts tells the rules.',
    });
  const [{ run }] = await evaluateAlerts(sources, host, { from: fired, to: fired }, rules);
  const found = run.episodes.at(-1);
  if (found && found.ended === null) return found;
  throw new MemoryInspectorError('bad_parameter', `${rule} had no alert at ${formatInstant(fired)}`, {
    field: 'fired',
    next: 'GET /api/v1/alerts tells when alerts fired.',
  });
}

/**
 * Notes that somebody knows of an alert, or takes that back.
 * @param now epoch ms
 * @throws MemoryInspectorError `bad_parameter`, `no_system_dumps`, `unknown_host`, `cannot_write`
 */
export async function acknowledgeAlert(
  sources: AlertSources & { readonly acknowledgements: AcknowledgementStore },
  request: AcknowledgeRequest,
  now: number,
): Promise<AcknowledgedView> {
  const { rule, fired, acknowledged } = request;
  const host = chooseHost(sources.history, request.host, 'system');
  const { since } = await findEpisode(sources, host, request);
  await sources.acknowledgements.remove({ host, rule, from: since, to: fired });
  if (acknowledged) await sources.acknowledgements.save({ host, rule, t: fired, at: now });
  return { rule, fired: formatInstant(fired), acknowledged: acknowledged ? formatInstant(now) : null };
}
