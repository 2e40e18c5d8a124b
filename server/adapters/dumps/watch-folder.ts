import type { FSWatcher } from 'node:fs';
import { watch } from 'node:fs';
import { join } from 'node:path';
import type { FolderScan } from './scan-folder.ts';

/** Calls are at least this far apart. */
const SPACING_MS = 250;
/** A writer's several steps are one change. */
const DEBOUNCE_MS = 30;
const TICK_MS = 1_000;
/** Network file systems tell nothing: the folder is looked at this often anyway. */
const POLL_TICKS = 10;
/** The kernel has few watches to give; folders beyond are polled. */
const MOST_WATCHES = 64;

interface Throttle {
  call(): void;
  close(): void;
}

function openThrottle(onChange: () => void): Throttle {
  let last = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  function fire(): void {
    timer = undefined;
    last = performance.now();
    onChange();
  }
  return {
    call() {
      if (timer) return;
      const wait = Math.max(DEBOUNCE_MS, last + SPACING_MS - performance.now());
      timer = setTimeout(fire, wait).unref();
    },
    close: () => clearTimeout(timer),
  };
}

interface Watches {
  /** Watches these directories and no others. @returns whether one of them is new */
  follow(paths: readonly string[]): boolean;
  close(): void;
}

function openWatches(root: string, onEvent: () => void): Watches {
  const watchers = new Map<string, FSWatcher>();

  function drop(path: string): void {
    watchers.get(path)?.close();
    watchers.delete(path);
  }

  function add(path: string): void {
    try {
      const watcher = watch(join(root, path), { persistent: false }, onEvent);
      watcher.on('error', () => drop(path));
      watchers.set(path, watcher);
    } catch {
      // Gone, or no watch left to give: the poll sees it.
    }
  }

  return {
    follow(paths) {
      const wanted = new Set(paths.slice(0, MOST_WATCHES));
      for (const path of watchers.keys()) if (!wanted.has(path)) drop(path);
      const added = [...wanted].filter((path) => !watchers.has(path));
      for (const path of added) add(path);
      return added.some((path) => watchers.has(path));
    },
    close() {
      for (const path of [...watchers.keys()]) drop(path);
    },
  };
}

/**
 * Calls back, at most four times a second, when the folder may hold something new: on the kernel's word, when
 * something waits to become ready, and every ten seconds anyway. Keeps no process alive.
 */
export function watchFolder(root: string, scan: FolderScan, onChange: () => void): { close(): void } {
  const throttle = openThrottle(onChange);
  const watches = openWatches(root, throttle.call);
  const follow = () => watches.follow(['', ...scan.liveDirectories().filter((path) => path !== '')]);
  let ticks = 0;
  follow();
  const timer = setInterval(() => {
    // Something may have come to a new folder before it was watched.
    const isWider = follow();
    if (++ticks % POLL_TICKS === 0 || isWider || scan.isWaiting()) throttle.call();
  }, TICK_MS).unref();
  return {
    close() {
      clearInterval(timer);
      throttle.close();
      watches.close();
    },
  };
}
