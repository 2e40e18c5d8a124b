import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVER_UNIT_FILE, UNIT_FILE } from './schedule.ts';
import { guarded } from './write-failure.ts';

const UNIT_MODE = 0o644;

export interface UserFolders {
  readonly XDG_CONFIG_HOME?: string | undefined;
  readonly HOME?: string | undefined;
}

/** Where systemd looks for units of a user. A path that is not absolute counts as none (XDG Base Directory). */
export function userUnitFolder({ XDG_CONFIG_HOME: config = '', HOME: home = '/' }: UserFolders): string {
  return join(config.startsWith('/') ? config : join(home, '.config'), 'systemd', 'user');
}

/**
 * Writes the unit, at once, over an earlier one.
 * @returns its path
 * @throws MemoryInspectorError `cannot_write`
 */
export function installUserUnit(text: string, env: UserFolders, file: string = UNIT_FILE): string {
  const folder = userUnitFolder(env);
  const path = join(folder, file);
  return guarded(path, () => {
    mkdirSync(folder, { recursive: true });
    const temporary = `${path}.${process.pid}.tmp`;
    try {
      writeFileSync(temporary, text, { flag: 'wx', mode: UNIT_MODE });
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    return path;
  });
}

export interface InstalledUnit {
  readonly file: string;
  readonly path: string;
  /** There is one of this name, by whomever. */
  readonly isThere: boolean;
}

/** The units of this user, of the recorder and of the server. */
export function listUserUnits(env: UserFolders): readonly InstalledUnit[] {
  return [UNIT_FILE, SERVER_UNIT_FILE].map((file) => {
    const path = join(userUnitFolder(env), file);
    return { file, path, isThere: existsSync(path) };
  });
}

/** @throws MemoryInspectorError `cannot_write` */
export function removeUserUnit({ path }: InstalledUnit): void {
  guarded(path, () => rmSync(path, { force: true }));
}
