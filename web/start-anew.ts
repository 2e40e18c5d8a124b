import { fetchHealth } from './api.ts';

/** A page that was just opened has not waited for a server; and one that lacks a script must not load again and again. */
const SOONEST_MS = 5_000;

/**
 * Loads the document again, once the server is there. A module that could not be fetched is not asked for a second time
 * by the same document (HTML, "fetch a single module script"), and after an update its name is another.
 */
export async function startAnew(soonestMs = SOONEST_MS): Promise<void> {
  if (performance.now() < soonestMs) return;
  const { kind } = await fetchHealth();
  if (kind === 'answer') location.reload();
}
