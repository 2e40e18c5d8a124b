import { effect, signal } from '@preact/signals';
import type { MinimapAnswer } from '../server/interfaces/http/schemas/minimap.ts';
import { fetchAnswer } from './api.ts';
import { lastSample } from './health.ts';
import { hostZone } from './lib/reader.ts';
import { view } from './navigation.ts';
import type { View } from './state.ts';

/** The whole recording of the host that is looked at, small. */

export const minimap = signal<MinimapAnswer | null>(null);

/** Instant of the newest sample of the host that is looked at, as far as it is known here. */
export function newestSample({ params }: View): number | null {
  const drawn = minimap.value && Date.parse(minimap.value.newest);
  return params.host === undefined ? (lastSample.value ?? drawn) : drawn;
}

const PX = 600;
let asked = '';

async function ask(host: string): Promise<void> {
  const query = new URLSearchParams({ px: String(PX), format: 'json' });
  if (host) query.set('host', host);
  const outcome = await fetchAnswer<MinimapAnswer>(`/api/v1/minimap?${query}`);
  if (outcome.kind !== 'answer') return;
  minimap.value = outcome.answer;
  hostZone.value = outcome.answer.zone;
}

/** Whether the newest sample would be seen: it is more than a pixel away. */
function isOutdated(newest: number | null): boolean {
  const shown = minimap.peek();
  if (!shown || newest === null) return true;
  const [from, to] = [Date.parse(shown.from), Date.parse(shown.to)];
  return newest - to > (to - from) / PX;
}

export function startMinimap(): void {
  effect(() => {
    const newest = lastSample.value;
    const host = view.value.params.host ?? '';
    const question = `${host} ${newest}`;
    if (newest === null || question === asked) return;
    const isSameHost = asked.startsWith(`${host} `);
    if (isSameHost && !isOutdated(newest)) return;
    asked = question;
    void ask(host);
  });
}
