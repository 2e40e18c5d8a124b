import type { ComponentType } from 'preact';
import type { PageAnswers } from './api.ts';
import type { PageId, View } from './state.ts';

/** Pages that few visits come to are loaded when one does: what is not needed need not travel. */

export interface PageProps<Page extends PageId> {
  readonly view: View;
  readonly answer: PageAnswers[Page];
}

export type RarePage = 'files' | 'status';

const loaders = {
  files: async () => (await import('./pages/files.tsx')).FilesPage,
  status: async () => (await import('./pages/status.tsx')).StatusPage,
} satisfies { readonly [Page in RarePage]: () => Promise<ComponentType<PageProps<Page>>> };

const loaded: { [Page in RarePage]?: ComponentType<PageProps<Page>> } = {};

function isRare(page: View['page']): page is RarePage {
  return Object.hasOwn(loaders, page);
}

/** @returns whether the page can be drawn: not where its code could not be fetched */
export async function requirePage(page: View['page']): Promise<boolean> {
  if (!isRare(page) || loaded[page]) return true;
  try {
    Object.assign(loaded, { [page]: await loaders[page]() });
    return true;
  } catch {
    return false;
  }
}

/** `null`: it was not required. */
export function rarePage<Page extends RarePage>(page: Page): ComponentType<PageProps<Page>> | null {
  return loaded[page] ?? null;
}
