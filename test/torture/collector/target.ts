import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundleProgram } from '../../collector/collector-process.ts';

/** What the runs of the torture need, and what they give. */

/** The programs under torture, each one file. */
export interface Programs {
  /** As it is shipped. */
  readonly collector: string;
  /** The same recorder over a host that stands still: test/collector/doomed-recorder.ts. */
  readonly doomed: string;
  /** The proc root of that host. */
  readonly host: string;
  /** A new folder; anybody may look into it. */
  folder(): string;
  remove(): void;
}

export interface Outcome {
  /** What was counted, in words, for the report. */
  readonly figures: string;
  /** What should not have been; empty is good. */
  readonly faults: readonly string[];
}

export interface Target {
  /** `T1`, and what is asked, for the report. */
  readonly id: string;
  readonly asks: string;
  /** Tools that must be in PATH; `root` is being root. */
  readonly needs: readonly string[];
  run(programs: Programs): Promise<Outcome>;
}

function isThere(tool: string): boolean {
  if (tool === 'root') return process.getuid?.() === 0;
  return spawnSync(tool, ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** What is missing of `needs`; empty: nothing. */
export function missingOf(needs: readonly string[]): readonly string[] {
  return needs.filter((tool) => !isThere(tool));
}

const STAT_FIELDS = 49;

/** A proc root with two processes that never change. */
function putHost(root: string): void {
  const put = (name: string, text: string) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  };
  for (const pid of [1, 2]) {
    const fields = new Array<number>(STAT_FIELDS).fill(0);
    put(`${pid}/stat`, `${pid} (sleep) S ${fields.join(' ')}\n`);
    put(`${pid}/statm`, '500 100 50 5 0 100 0\n');
    put(`${pid}/status`, 'Name:\tsleep\nState:\tS (sleeping)\nUid:\t0\t0\t0\t0\nThreads:\t1\n');
    put(`${pid}/cmdline`, 'sleep\x0060\0');
    put(`${pid}/cgroup`, '0::/user.slice\n');
  }
  put('meminfo', 'MemTotal: 2048 kB\nMemAvailable: 1024 kB\n');
  put('uptime', '100.00 1.00\n');
}

export async function openPrograms(): Promise<Programs> {
  const collector = await bundleProgram('collector/main.ts');
  const doomed = await bundleProgram('test/collector/doomed-recorder.ts');
  const root = mkdtempSync(join(tmpdir(), 'pmi-torture-'));
  for (const path of [root, dirname(collector.path), dirname(doomed.path)]) chmodSync(path, 0o755);
  const host = join(root, 'proc');
  putHost(host);
  let folders = 0;
  return {
    collector: collector.path,
    doomed: doomed.path,
    host,
    folder() {
      const path = join(root, `run-${folders++}`);
      mkdirSync(path);
      return path;
    },
    remove() {
      for (const { remove } of [collector, doomed]) remove();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
