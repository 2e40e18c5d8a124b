import { MemoryInspectorError } from '../domain/errors.ts';
import type { SessionPlan } from '../domain/session.ts';
import { isSessionLabel, isSessionName, isWithin, SESSION, SESSION_NAME_HELP } from '../domain/session.ts';
import type { WatchGroup } from '../domain/watch-group.ts';

/** What may be asked of a session. */

function refused(field: string, message: string, next: string): MemoryInspectorError {
  return new MemoryInspectorError('bad_parameter', message, { field, next });
}

/** @throws MemoryInspectorError `bad_parameter` naming the field */
export function assertSessionName(name: string, field = 'name'): void {
  if (!isSessionName(name))
    throw refused(
      field,
      `${JSON.stringify(name.slice(0, 80))} cannot be the name of a session`,
      `${SESSION_NAME_HELP}.`,
    );
}

/** @throws MemoryInspectorError `bad_parameter` naming the field */
export function assertPlan(plan: SessionPlan, groups: readonly WatchGroup[]): void {
  const { name, label, group, interval_seconds, duration_seconds } = plan;
  assertSessionName(name);
  const { interval, duration } = SESSION;
  if (label !== null && !isSessionLabel(label))
    throw refused(
      'label',
      'The label is not valid',
      `It is one line of at most ${SESSION.label} characters.`,
    );
  if (!isWithin(interval_seconds, interval))
    throw refused(
      'interval',
      'The interval is not valid',
      `It is ${interval.min} to ${interval.max} seconds.`,
    );
  if (!isWithin(duration_seconds, duration))
    throw refused(
      'duration',
      'The duration is not valid',
      `It is ${duration.min} second to ${duration.max / 3600} hours.`,
    );
  if (group !== null) findGroup(groups, group);
}

/** @throws MemoryInspectorError `bad_parameter` */
export function findGroup(groups: readonly WatchGroup[], name: string): WatchGroup {
  const found = groups.find((group) => group.name === name);
  if (found) return found;
  const known = groups.map((group) => group.name).join(', ');
  throw refused(
    'group',
    `There is no watch group ${name}`,
    known === '' ? 'There is none yet.' : `There are: ${known}.`,
  );
}
