import { z } from 'zod';
import { formatFieldPath, MemoryInspectorError } from '../../../domain/errors.ts';
import type { WatchGroup } from '../../../domain/watch-group.ts';
import { watchGroups } from './watch-groups.ts';

/** The configuration file. What else stands in it is others', and stays. */
export const configSchema = z
  .looseObject({ watch_groups: watchGroups.optional() }, { error: 'An object, as {"watch_groups": []}.' })
  .describe('Configuration of PID Memory Inspector.');

/** The watch groups of a configuration. @throws MemoryInspectorError `bad_file` naming the field, as `watch_groups[0].name` */
export function decodeConfig(value: unknown): readonly WatchGroup[] {
  const { data, error } = configSchema.safeParse(value);
  if (data) return data.watch_groups ?? [];
  const [{ path, message }] = error.issues;
  const field = formatFieldPath(path);
  throw new MemoryInspectorError('bad_file', `${field || 'The file'} is not valid`, { field, next: message });
}
