import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import type { Clock } from '../../collector/clock.ts';
import type { DumpFileSystem } from '../../collector/dump-file-system.ts';
import { nodeFileSystem } from '../../collector/dump-file-system.ts';

/** A clock that stands still but for sleeping, `pass` and `step`. */
export interface FakeClock extends Clock {
  pass(ms: number): void;
  /** Sets the wall clock, and nothing else, forward or back. */
  step(ms: number): void;
}

export function openFakeClock(start = Date.UTC(2026, 10, 21, 12, 0, 0)): FakeClock {
  let passed = 0;
  let stepped = 0;
  return {
    now: () => Math.floor(start + passed + stepped),
    monotonic: () => passed,
    async sleep(ms) {
      passed += ms;
    },
    pass(ms) {
      passed += ms;
    },
    step(ms) {
      stepped += ms;
    },
  };
}

export type SystemCall = keyof DumpFileSystem;

export interface WatchedFileSystem extends DumpFileSystem {
  /** `open /x O_EXCL`, `write 12`, in order; what only looks is not in it. */
  readonly calls: readonly string[];
}

/** Turns what is named from a descriptor back into a path. */
function openPathTranslator() {
  const paths = new Map<number, string>();
  return {
    opened: (fd: number, path: string) => paths.set(fd, path),
    pathOf: (fd: number) => paths.get(fd) ?? '?',
    translate: (path: string) =>
      path.replace(/^\/proc\/self\/fd\/(\d+)/, (whole, fd) => paths.get(Number(fd)) ?? whole),
  };
}

/**
 * A file system whose calls are noted and handed to `before`, which may throw in their place.
 * @param real the file system below it
 */
export function watchFileSystem(
  before: (call: SystemCall, path: string) => void = () => {},
  real: DumpFileSystem = nodeFileSystem,
): WatchedFileSystem {
  const calls: string[] = [];
  const { opened, pathOf, translate } = openPathTranslator();
  const note = (call: SystemCall, path: string, more = '') => {
    calls.push(`${call} ${path}${more}`);
    before(call, path);
  };
  const notePath = (call: SystemCall, path: string, more = '') => note(call, translate(path), more);
  return {
    ...real,
    calls,
    makeFolder(path, mode) {
      notePath('makeFolder', path, ` ${mode.toString(8)}`);
      real.makeFolder(path, mode);
    },
    open(path, flags, mode) {
      notePath('open', path, ` ${flags} ${mode.toString(8)}`);
      const fd = real.open(path, flags, mode);
      opened(fd, translate(path));
      return fd;
    },
    setMode(fd, mode) {
      note('setMode', pathOf(fd), ` ${mode.toString(8)}`);
      real.setMode(fd, mode);
    },
    write(fd, bytes, offset) {
      note('write', pathOf(fd));
      return real.write(fd, bytes, offset);
    },
    sync(fd) {
      note('sync', pathOf(fd));
      real.sync(fd);
    },
    close(fd) {
      note('close', pathOf(fd));
      real.close(fd);
    },
    rename(from, to) {
      notePath('rename', from, ` ${translate(to)}`);
      real.rename(from, to);
    },
    remove(path) {
      notePath('remove', path);
      real.remove(path);
    },
    removeFolder(path) {
      notePath('removeFolder', path);
      real.removeFolder(path);
    },
    async listen(path) {
      notePath('listen', path);
      return real.listen(path);
    },
  };
}

/** As Node throws it: EDQUOT is one of those that it has no name for. */
export function systemError(code: string): Error {
  const errno = -constants.errno[code as keyof typeof constants.errno];
  const isNamed = [...getSystemErrorMap().values()].some(([name]) => name === code);
  const text = isNamed ? code : `Unknown system error ${errno}`;
  return Object.assign(new Error(text), { code: text, errno });
}
