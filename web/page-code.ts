import type { ComponentType } from 'preact';
import type { PageAnswers } from './api.ts';
import { startAnew } from './start-anew.ts';
import type { PageId, View } from './state.ts';

/** Each page's code travels when the page is first gone to, beside its data. */

interface PageProps<Page extends PageId> {
  readonly view: View;
  readonly answer: PageAnswers[Page];
}

type Pages = { readonly [Page in PageId]: ComponentType<PageProps<Page>> };

const loaders: { readonly [Page in PageId]: () => Promise<Pages[Page]> } = {
  overview: async () => (await import('./pages/overview.tsx')).OverviewPage,
  live: async () => (await import('./pages/live.tsx')).LivePage,
  snapshot: async () => (await import('./pages/snapshot.tsx')).SnapshotPage,
  groups: async () => (await import('./pages/groups.tsx')).GroupsPage,
  level: async () => (await import('./pages/level.tsx')).LevelPage,
  pid: async () => (await import('./pages/pid.tsx')).PidPage,
  plot: async () => (await import('./pages/plot.tsx')).PlotPage,
  files: async () => (await import('./pages/files.tsx')).FilesPage,
  sessions: async () => (await import('./pages/sessions.tsx')).SessionsPage,
  watch: async () => (await import('./pages/watch.tsx')).WatchPage,
  alerts: async () => (await import('./pages/alerts.tsx')).AlertsPage,
  status: async () => (await import('./pages/status.tsx')).StatusPage,
  system: async () => (await import('./pages/system.tsx')).SystemPage,
  analyze: async () => (await import('./pages/analyze.tsx')).AnalyzePage,
  learn: async () => (await import('./pages/learn.tsx')).LearnPage,
};

const loaded: { -readonly [Page in PageId]?: Pages[Page] } = {};

/** @returns whether the page can be drawn: not where its code could not be fetched */
export async function requirePage(page: View['page']): Promise<boolean> {
  if (page === 'unknown' || loaded[page]) return true;
  try {
    Object.assign(loaded, { [page]: await loaders[page]() });
    return true;
  } catch {
    void startAnew();
    return false;
  }
}

/** `null`: it was not required. */
export function pageCode<Page extends PageId>(page: Page): Pages[Page] | null {
  return loaded[page] ?? null;
}
