import type { Clock } from '../../collector/clock.ts';
import type { DumpFileSystem } from '../../collector/dump-file-system.ts';
import { nodeFileSystem } from '../../collector/dump-file-system.ts';

/** A clock that stands still but for sleeping and for `pass`. */
export interface FakeClock extends Clock {
  pass(ms: number): void;
}

export function openFakeClock(start = Date.UTC(2026, 10, 21, 12, 0, 0)): FakeClock {
  let passed = 0;
  return {
    now: () => Math.floor(start + passed),
    monotonic: () => passed,
    async sleep(ms) {
      passed += ms;
    },
    pass(ms) {
      passed += ms;
    },
  };
}

export type SystemCall = keyof DumpFileSystem;

export interface WatchedFileSystem extends DumpFileSystem {
  /** `open /x O_EXCL`, `write 12`, in order; what only looks is not in it. */
  readonly calls: readonly string[];
}

/** The real file system; each call is noted and handed to `before`, which may throw in its place. */
export function watchFileSystem(
  before: (call: SystemCall, path: string) => void = () => {},
): WatchedFileSystem {
  const calls: string[] = [];
  const paths = new Map<number, string>();
  const note = (call: SystemCall, path: string, more = '') => {
    calls.push(`${call} ${path}${more}`);
    before(call, path);
  };
  const pathOf = (fd: number) => paths.get(fd) ?? '?';
  return {
    calls,
    exists: nodeFileSystem.exists,
    makeFolder(path, mode) {
      note('makeFolder', path, ` ${mode.toString(8)}`);
      nodeFileSystem.makeFolder(path, mode);
    },
    open(path, flags, mode) {
      note('open', path, ` ${flags} ${mode.toString(8)}`);
      const fd = nodeFileSystem.open(path, flags, mode);
      paths.set(fd, path);
      return fd;
    },
    write(fd, bytes, offset) {
      note('write', pathOf(fd));
      return nodeFileSystem.write(fd, bytes, offset);
    },
    sync(fd) {
      note('sync', pathOf(fd));
      nodeFileSystem.sync(fd);
    },
    close(fd) {
      note('close', pathOf(fd));
      nodeFileSystem.close(fd);
    },
    rename(from, to) {
      note('rename', from, ` ${to}`);
      nodeFileSystem.rename(from, to);
    },
    remove(path) {
      note('remove', path);
      nodeFileSystem.remove(path);
    },
  };
}

export function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}
