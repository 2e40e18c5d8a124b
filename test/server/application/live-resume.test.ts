import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LiveFeed } from '../../../server/application/live-ports.ts';
import type { LiveGap, LiveMessage, LivePoint } from '../../../server/domain/live-point.ts';
import { effort } from '../../support/effort.ts';
import type { FakeClient, FakeLive } from '../../support/live-world.ts';
import { openFakeClient, openFakeLive, placeAfter } from '../../support/live-world.ts';

/** One viewer, over all its connections: what it was told, in the order in which it was told. */
interface Viewer {
  readonly told: LiveMessage[];
  client: FakeClient | null;
  close: () => void;
}

type Told = { readonly point: LivePoint } | { readonly gap: LiveGap };

/** Gaps of an initial message lie between its points, or before the first. */
function inOrder(message: LiveMessage): readonly Told[] {
  if (message.type === 'gap') return [{ gap: message.gap }];
  if (message.type === 'memory_update') return [{ point: message.data }];
  const points = message.history.map((point) => ({ point, at: point.t }));
  const gaps = message.gaps.map((gap) => ({ gap, at: gap.to - 0.5 }));
  return [...points, ...gaps].sort((a, b) => a.at - b.at);
}

/** Each point once, in order, and between two of them a gap exactly where others lie or the feed did not read. */
function expectSeamless(told: readonly LiveMessage[]): void {
  let last: LivePoint | null = null;
  let gap: LiveGap | null = null;
  for (const one of told.flatMap(inOrder)) {
    if ('gap' in one) {
      expect(gap).toBe(null);
      gap = one.gap;
      continue;
    }
    const { point } = one;
    if (last) {
      expect(point.seq).toBeGreaterThan(last.seq);
      const isMissing = point.seq !== last.seq + 1 || point.t - last.t > 3000;
      expect(gap && [gap.from, gap.to]).toEqual(isMissing ? [last.t, point.t] : null);
    }
    last = point;
    gap = null;
  }
}

const pass = (max: number) =>
  fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max }) });
const act = fc.record({
  kind: fc.constantFrom('join', 'leave', 'deafen', 'listen', 'drain'),
  viewer: fc.integer({ min: 0, max: 2 }),
  n: fc.integer({ min: 1, max: 1000 }),
});
const step = fc.oneof(
  { weight: 3, arbitrary: pass(8000) },
  { weight: 1, arbitrary: pass(1_500_000) },
  { weight: 6, arbitrary: act },
);

function leave(viewer: Viewer): void {
  viewer.told.push(...(viewer.client?.messages ?? []));
  viewer.close();
  viewer.client = null;
}

function join(viewer: Viewer, feed: LiveFeed, n: number): void {
  const client = openFakeClient();
  viewer.client = client;
  viewer.close = feed.subscribe(client, { after: placeAfter(viewer.told, 'one'), n }).close;
}

const ACTS: Readonly<Record<string, (client: FakeClient, viewer: Viewer) => void>> = {
  leave: (_, viewer) => leave(viewer),
  deafen: (client) => {
    client.isDeaf = true;
  },
  listen: (client) => {
    client.isDeaf = false;
  },
  drain: (client) => client.drain(50_000),
};

/** Points of 10 kB: a client that takes nothing is skipped before it is dropped. */
const LARGE = Array.from({ length: 25 }, (_, k) => ({
  name: `g${k}`,
  members: [{ name: 'm', rule: { pid: 9 } }],
}));

type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

async function take(one: Step, live: FakeLive, viewers: readonly Viewer[]): Promise<void> {
  if (one.kind === 'pass') {
    await live.clock.pass(one.ms);
    for (const viewer of viewers) if (viewer.client?.isDropped()) leave(viewer);
    return;
  }
  const viewer = viewers[one.viewer];
  if (viewer.client) ACTS[one.kind]?.(viewer.client, viewer);
  else if (one.kind === 'join') join(viewer, live.feed, one.n);
}

test('whatever clients do, each gets each point at most once, in order, and a gap exactly where some are missing', {
  timeout: 300_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 40, size: 'max' }), async (steps) => {
      const live = openFakeLive(LARGE);
      const viewers = Array.from({ length: 3 }, (): Viewer => ({ told: [], client: null, close: () => {} }));
      for (const one of steps) await take(one, live, viewers);
      viewers.forEach(leave);
      for (const { told } of viewers) expectSeamless(told);
    }),
    { numRuns: effort(10, 100) },
  );
});
