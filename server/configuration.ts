import { join } from 'node:path';
import type { AcknowledgementStore, AlertRuleStore } from './application/alert-ports.ts';
import type { Alerts } from './application/alerts.ts';
import type { History } from './application/ports.ts';
import type { WatchGroupStore } from './application/watch-group-store.ts';
import type { MemoryInspectorError } from './domain/errors.ts';
import { formatPosition } from './domain/errors.ts';
import { displayText } from './domain/text-notation.ts';
import type { DumpSource, ReadConfig } from './interfaces/cli/world.ts';

/** The part of the composition root that opens the configuration. */

async function load() {
  const [{ chooseConfigFile, readConfig }, { decodeConfig }] = await Promise.all([
    import('./adapters/config/read-config.ts'),
    import('./interfaces/http/schemas/config.ts'),
  ]);
  return { chooseConfigFile, readConfig, decodeConfig };
}

const KNOWN_KEYS: readonly string[] = ['watch_groups', 'alert_rules'];

/** @throws MemoryInspectorError `cannot_read`, `bad_file` */
export async function readConfiguration(asked: string | undefined): Promise<ReadConfig> {
  const { chooseConfigFile, readConfig, decodeConfig } = await load();
  const file = chooseConfigFile(asked, process.env);
  const config = readConfig(file, decodeConfig);
  const otherKeys = Object.keys(config?.value ?? {}).filter((key) => !KNOWN_KEYS.includes(key));
  return { file, groups: config?.groups ?? null, alertRules: config?.alertRules ?? null, otherKeys };
}

function describeTrouble({ position, message, next }: MemoryInspectorError): string {
  const where = position ? `${formatPosition(position)}: ` : '';
  const rest = ['Watch groups and rules of alerts stay as they were.', next].filter(Boolean).join(' ');
  return `pmi: ${displayText(`${where}${message}. ${rest}`)}\n`;
}

/** A server goes on with what it has when the file is broken, and says so. */
export async function openConfiguration(
  asked: string | undefined,
): Promise<WatchGroupStore & AlertRuleStore> {
  const { openConfigFile } = await import('./adapters/config/config-file.ts');
  const { chooseConfigFile, decodeConfig } = await load();
  return openConfigFile({
    file: chooseConfigFile(asked, process.env),
    decode: decodeConfig,
    onTrouble: (trouble) => process.stderr.write(describeTrouble(trouble)),
  });
}

/** For a command, which reads the configuration once and ends where it cannot be used. @throws as `readConfiguration` */
export async function openAlertsOf(
  history: History,
  { dumps, index }: DumpSource,
  asked: string | undefined,
): Promise<Alerts> {
  const { openAlerts } = await import('./application/alerts.ts');
  const { chooseIndex } = await import('./adapters/sealing/choose-index.ts');
  const { groups, alertRules } = await readConfiguration(asked);
  const store = { groups: () => groups ?? [], alertRules: () => alertRules, trouble: () => null };
  return openAlerts(history, store, await openAcknowledgements(chooseIndex(dumps, index, process.env)));
}

/** In the folder of the index: that is ours to write, whoever owns the dumps. */
export async function openAcknowledgements(index: string): Promise<AcknowledgementStore> {
  const { openAcknowledgedFile } = await import('./adapters/config/acknowledged-file.ts');
  return openAcknowledgedFile(join(index, 'acknowledged.json'));
}
