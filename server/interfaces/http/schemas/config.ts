import { z } from 'zod';
import { formatFieldPath, MemoryInspectorError } from '../../../domain/errors.ts';
import { alertRules } from './alert-rules.ts';
import { watchGroups } from './watch-groups.ts';

/** The configuration file. What else stands in it is others', and stays. */
export const configSchema = z
  .looseObject(
    { watch_groups: watchGroups.optional(), alert_rules: alertRules.optional() },
    { error: 'An object, as {"watch_groups": []}.' },
  )
  .describe('Configuration of PID Memory Inspector.');

/**
 * @returns `alertRules`: `null` where it does not say
 * @throws MemoryInspectorError `bad_file` naming the field, as `watch_groups[0].name`
 */
export function decodeConfig(value: unknown) {
  const { data, error } = configSchema.safeParse(value);
  if (data) return { groups: data.watch_groups ?? [], alertRules: data.alert_rules ?? null };
  const [{ path, message }] = error.issues;
  const field = formatFieldPath(path);
  throw new MemoryInspectorError('bad_file', `${field || 'The file'} is not valid`, { field, next: message });
}
