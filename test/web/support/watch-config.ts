import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertRuleConfig } from '../../../server/domain/alert-rule.ts';
import type { WatchGroup } from '../../../server/domain/watch-group.ts';

/** The configuration of a site over a folder, as `startServer` names it to the program. */

function configFile(folder: string): string {
  return join(folder, '.config', 'pid-memory-inspector', 'config.json');
}

export function writeWatchGroups(
  folder: string,
  groups: readonly WatchGroup[],
  rules?: readonly AlertRuleConfig[],
): void {
  mkdirSync(join(configFile(folder), '..'), { recursive: true });
  writeFileSync(configFile(folder), JSON.stringify({ watch_groups: groups, alert_rules: rules }));
}

export function readWatchGroups(folder: string): readonly WatchGroup[] {
  return JSON.parse(readFileSync(configFile(folder), 'utf8')).watch_groups;
}
