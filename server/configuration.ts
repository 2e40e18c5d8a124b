import type { WatchGroupStore } from './application/watch-group-store.ts';
import type { MemoryInspectorError } from './domain/errors.ts';
import { formatPosition } from './domain/errors.ts';
import { displayText } from './domain/text-notation.ts';
import type { ReadConfig } from './interfaces/cli/world.ts';

/** The part of the composition root that opens the configuration. */

async function load() {
  const [{ chooseConfigFile, readConfig }, { decodeConfig }] = await Promise.all([
    import('./adapters/config/read-config.ts'),
    import('./interfaces/http/schemas/config.ts'),
  ]);
  return { chooseConfigFile, readConfig, decodeConfig };
}

/** @throws MemoryInspectorError `cannot_read`, `bad_file` */
export async function readConfiguration(asked: string | undefined): Promise<ReadConfig> {
  const { chooseConfigFile, readConfig, decodeConfig } = await load();
  const file = chooseConfigFile(asked, process.env);
  const config = readConfig(file, decodeConfig);
  const otherKeys = Object.keys(config?.value ?? {}).filter((key) => key !== 'watch_groups');
  return { file, groups: config?.groups ?? null, otherKeys };
}

function describeTrouble({ position, message, next }: MemoryInspectorError): string {
  const where = position ? `${formatPosition(position)}: ` : '';
  const rest = ['The watch groups stay as they were.', next].filter(Boolean).join(' ');
  return `pmi: ${displayText(`${where}${message}. ${rest}`)}\n`;
}

/** A server goes on with what it has when the file is broken, and says so. */
export async function openWatchGroups(asked: string | undefined): Promise<WatchGroupStore> {
  const { openConfigFile } = await import('./adapters/config/config-file.ts');
  const { chooseConfigFile, decodeConfig } = await load();
  return openConfigFile({
    file: chooseConfigFile(asked, process.env),
    decode: decodeConfig,
    onTrouble: (trouble) => process.stderr.write(describeTrouble(trouble)),
  });
}
