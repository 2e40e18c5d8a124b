import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { AlertRuleConfig } from '../../domain/alert-rule.ts';
import { errorCodeOf, MemoryInspectorError } from '../../domain/errors.ts';
import type { WatchGroup } from '../../domain/watch-group.ts';
import { parseJson } from './parse-json.ts';

/** What is known of a configuration. */
export interface KnownConfig {
  readonly groups: readonly WatchGroup[];
  /** `null`: it does not say. */
  readonly alertRules: readonly AlertRuleConfig[] | null;
}

/** @throws MemoryInspectorError `bad_file` naming the field */
export type DecodeConfig = (value: unknown) => KnownConfig;

export interface Config extends KnownConfig {
  /** All that the file holds. */
  readonly value: Readonly<Record<string, unknown>>;
}

const LONGEST = 1024 * 1024;

/** The file that is asked for, else that of the user (XDG Base Directory: a path that is not absolute counts as none). */
export function chooseConfigFile(
  asked: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string {
  if (asked !== undefined) return asked;
  const config = env.XDG_CONFIG_HOME?.startsWith('/') ? env.XDG_CONFIG_HOME : join(homedir(), '.config');
  return join(config, 'pid-memory-inspector', 'config.json');
}

function unreadable(file: string, next: string): MemoryInspectorError {
  const position = { file, line: null, column: null };
  return new MemoryInspectorError('cannot_read', 'Cannot read the configuration', { position, next });
}

/** `null`: there is no file. */
function readText(file: string): string | null {
  try {
    const found = statSync(file);
    if (!found.isFile()) throw unreadable(file, 'It is no regular file.');
    if (found.size > LONGEST) throw unreadable(file, `It is larger than ${LONGEST} bytes.`);
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof MemoryInspectorError) throw error;
    if (errorCodeOf(error) === 'ENOENT') return null;
    throw unreadable(file, `The system says ${errorCodeOf(error)}.`);
  }
}

/**
 * Reads a configuration.
 * @returns `null` where there is no such file
 * @throws MemoryInspectorError `cannot_read`; `bad_file` with line and column, or the field
 */
export function readConfig(file: string, decode: DecodeConfig): Config | null {
  const text = readText(file);
  if (text === null) return null;
  const value = parseJson(file, text);
  try {
    return { ...decode(value), value: value as Config['value'] };
  } catch (error) {
    if (!(error instanceof MemoryInspectorError)) throw error;
    const { code, message, field = '', next = '' } = error;
    throw new MemoryInspectorError(code, message, {
      field,
      next,
      position: { file, line: null, column: null },
    });
  }
}
