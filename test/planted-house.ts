import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('..', import.meta.url));
export const parts = ['collector', 'server', 'web'] as const;

export interface CommandResult {
  readonly code: number;
  readonly output: string;
}

/** Runs an installed tool the way `npm run check` does; a failing tool is a result, not an exception. */
export function runTool(script: string, args: readonly string[], cwd: string): Promise<CommandResult> {
  const command = [join(projectRoot, 'node_modules', script), ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout || stderr });
    });
  });
}

/** A folder outside the project that holds the given files and sees the project's packages. */
export function plantHouse(files: Readonly<Record<string, string>>): string {
  const house = mkdtempSync(join(tmpdir(), 'planted-house-'));
  symlinkSync(join(projectRoot, 'node_modules'), join(house, 'node_modules'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(house, name)), { recursive: true });
    writeFileSync(join(house, name), `${text}\n`);
  }
  return house;
}
