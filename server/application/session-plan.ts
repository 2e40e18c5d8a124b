import { MemoryInspectorError } from '../domain/errors.ts';
import type { SessionPlan } from '../domain/session.ts';
import { isSessionLabel, isSessionName, isWithin, SESSION, SESSION_NAME_HELP } from '../domain/session.ts';
import type { WatchGroup } from '../domain/watch-group.ts';
import { chooseWatchGroup } from './watched-processes.ts';

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

/** @throws MemoryInspectorError `bad_parameter` naming the field, `no_such_group` */
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
      'interval_seconds',
      'The interval is not valid',
      `It is ${interval.min} to ${interval.max} seconds.`,
    );
  if (!isWithin(duration_seconds, duration))
    throw refused(
      'duration_seconds',
      'The duration is not valid',
      `It is ${duration.min} second to ${duration.max / 3600} hours.`,
    );
  if (group !== null) chooseWatchGroup(groups, group, 'group');
}
