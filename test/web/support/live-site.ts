import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { WatchGroup } from '../../../server/domain/watch-group.ts';
import type { TestServer } from '../../server/interfaces/http/test-server.ts';
import { serveFolder } from '../../server/interfaces/http/test-server.ts';
import type { FakeLive } from '../../support/live-world.ts';
import { openFakeLive } from '../../support/live-world.ts';
import { sharedTempFolder } from '../../support/temp-folder.ts';
import type { Visit } from './browser.ts';
import { openVisit } from './browser.ts';
import type { VisitOptions } from './launch.ts';
import { launchBrowser } from './launch.ts';
import { INIT } from './live-view.ts';

/** The built app over a feed whose time is the test's, and whose server can go away and come back. */
export interface LiveSite {
  /** Of the server that runs, or ran last. */
  readonly live: () => FakeLive;
  readonly folder: string;
  readonly visit: (options?: VisitOptions) => Promise<Visit>;
  readonly stop: () => Promise<void>;
  /** At the same address, with a feed of its own that goes on where time is. */
  readonly start: () => Promise<void>;
  /** Epoch ms; 0 before the first point. */
  readonly newest: () => number;
  /** A second of the feed passes each so many ms; `null`: none does. */
  readonly pace: (ms: number | null) => void;
}

/** Ten times as fast as the page draws. */
const DEFAULT_PACE_MS = 100;
const WEB_ROOT = join(import.meta.dirname, '../../../dist/web');

interface Running {
  readonly live: FakeLive;
  readonly server: TestServer;
}

/** @param write dumps that are there before */
export function openLiveSite(
  groups: readonly WatchGroup[],
  write: (folder: string) => void = () => {},
): LiveSite {
  if (!existsSync(WEB_ROOT)) throw new Error('dist/web is missing: npm run build');
  const folder = sharedTempFolder();
  const scratch = sharedTempFolder();
  let browser: Browser | null = null;
  let running: Running | null = null;
  let feeds = 0;
  let paceMs: number | null = DEFAULT_PACE_MS;
  let isOver = false;
  const run = async () => {
    for (; !isOver; await sleep(paceMs ?? DEFAULT_PACE_MS))
      if (paceMs !== null) await running?.live.clock.pass(1000);
  };
  const required = () => {
    if (!running) throw new Error('the site is opened by beforeAll');
    return running;
  };
  const start = async () => {
    const elapsed = running?.live.clock.monotonic() ?? 0;
    const port = running?.server.port ?? 0;
    feeds += 1;
    const live = openFakeLive(groups, 1000, `feed${feeds}`);
    await live.clock.pass(elapsed);
    const own = mkdtempSync(join(scratch, 'server-'));
    writeFileSync(join(own, 'config.json'), JSON.stringify({ watch_groups: groups }));
    running = { live, server: await serveFolder(folder, own, { live: live.feed, webRoot: WEB_ROOT, port }) };
  };
  beforeAll(async () => {
    write(folder);
    await start();
    void run();
    browser = await launchBrowser();
  });
  afterEach(() => {
    paceMs = DEFAULT_PACE_MS;
    if (running) running.live.host = { processes: [INIT] };
  });
  afterAll(async () => {
    isOver = true;
    await browser?.close();
    await running?.server.close();
  });
  return {
    folder,
    live: () => required().live,
    visit: (options) => {
      if (!browser) throw new Error('the site is opened by beforeAll');
      return openVisit(browser, required().server.origin, options);
    },
    stop: () => required().server.close(),
    start,
    newest: () => required().live.feed.latest()?.t ?? 0,
    pace: (ms) => {
      paceMs = ms;
    },
  };
}
