import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll } from 'vitest';
import { sharedTempFolder } from '../../support/temp-folder.ts';
import type { Visit } from './browser.ts';
import { openVisit, watched } from './browser.ts';
import type { VisitOptions } from './launch.ts';
import { launchBrowser } from './launch.ts';
import type { RunningSite } from './server.ts';
import { startServer } from './server.ts';

export interface Site {
  readonly server: () => RunningSite;
  readonly visit: (options?: VisitOptions) => Promise<Visit>;
  /** Without a word to anybody. */
  readonly kill: () => Promise<void>;
  /** Another server where the killed one was. */
  readonly revive: () => Promise<void>;
}

/** One server and one browser for all tests of a file, over dumps that are there before. */
export function openSite(write: (folder: string) => void): Site {
  const folder = sharedTempFolder();
  beforeAll(() => write(folder));
  return openSiteOver(folder);
}

export function openSiteOver(folder: string): Site {
  let running: { server: RunningSite; browser: Browser } | null = null;
  const required = () => {
    if (!running) throw new Error('the site is opened by beforeAll');
    return running;
  };
  beforeAll(async () => {
    const [server, browser] = await Promise.all([startServer(folder), launchBrowser()]);
    running = { server, browser };
  });
  afterAll(async () => {
    await running?.browser.close();
    await running?.server.stop();
    const { pages, violations, foreign } = watched;
    console.log(`CSP: ${pages} pages opened, ${violations} violations, ${foreign} requests to elsewhere`);
  });
  return {
    server: () => required().server,
    visit: (options) => openVisit(required().browser, required().server.origin, options),
    kill: () => required().server.stop('SIGKILL'),
    revive: async () => {
      const { browser, server } = required();
      running = { browser, server: await startServer(folder, new URL(server.origin).port) };
    },
  };
}
