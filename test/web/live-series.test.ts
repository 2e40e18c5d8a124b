import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InitialData, LiveGap, LivePoint } from '../../server/domain/live-point.ts';
import { LIVE } from '../../server/domain/live-point.ts';
import type { LiveSeries } from '../../web/lib/live-series.ts';
import { missingPart, NO_SERIES, receiveMessage } from '../../web/lib/live-series.ts';
import { isSeparated } from '../../web/lib/series.ts';
import { LIVE_START, livePoint } from './support/live-points.ts';

function initial(feed: string, history: readonly LivePoint[], gaps: readonly LiveGap[] = []): InitialData {
  return { type: 'initial_data', feed, interval_seconds: 1, history, gaps, seq: history.at(-1)?.seq ?? 0 };
}

function update(data: LivePoint) {
  const timestamp = new Date(data.t).toISOString();
  return { type: 'memory_update', data, timestamp, seq: data.seq, interval_seconds: 1 } as const;
}

function received(...messages: readonly Parameters<typeof receiveMessage>[1][]): LiveSeries {
  return messages.reduce(receiveMessage, NO_SERIES);
}

const seqs = ({ points }: LiveSeries) => points.map(({ seq }) => seq);
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => livePoint(from + at));

describe('The series of live points', () => {
  test('has each point once, whatever a resumed connection sends again', () => {
    const series = received(
      initial('a', range(1, 5)),
      update(livePoint(6)),
      initial('a', range(4, 9)),
      update(livePoint(9)),
    );
    expect(seqs(series)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(series.gaps).toEqual([]);
    expect(series.place).toEqual({ feed: 'a', seq: 9, t: LIVE_START + 9000 });
  });

  test('takes older points in front when more of the past is asked for', () => {
    const series = received(initial('a', range(50, 60)), initial('a', range(1, 60)));
    expect(seqs(series)).toEqual(range(1, 60).map(({ seq }) => seq));
    expect(series.place?.seq).toBe(60);
  });

  test('has a gap where points are missing, whether the server told it or not', () => {
    const told = { from: LIVE_START + 2000, to: LIVE_START + 8000, reason: 'slow' } as const;
    const silent = received(initial('a', range(1, 2)), update(livePoint(8)));
    const spoken = received(
      initial('a', range(1, 2)),
      { type: 'gap', gap: told, seq: 2 },
      update(livePoint(8)),
    );
    expect(silent.gaps).toEqual([told]);
    expect(spoken.gaps).toEqual([told]);
  });

  test('goes on behind another server, with a gap between, even if that has no point yet', () => {
    const later = { ...livePoint(1), t: LIVE_START + 20_000 };
    for (const messages of [
      [initial('b', [later])],
      [initial('b', []), update(later)],
      [initial('b', []), initial('b', [later])],
    ]) {
      const series = received(initial('a', range(1, 9)), ...messages);
      expect(seqs(series)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 1]);
      expect(series.gaps).toEqual([{ from: LIVE_START + 9000, to: later.t, reason: 'restart' }]);
      expect(series.place).toEqual({ feed: 'b', seq: 1, t: later.t });
    }
  });

  test('has a gap only as far as points are missing still, when some of them come later', () => {
    const later = [10, 11, 12].map((seq) => ({ ...livePoint(seq - 9), t: LIVE_START + seq * 1000 }));
    const series = received(
      initial('a', range(1, 5)),
      initial('b', []),
      update(later[2]),
      initial('b', later),
      update({ ...livePoint(9), t: LIVE_START + 18_000 }),
      initial('b', [...later, ...range(13, 18).map((point) => ({ ...point, seq: point.seq - 9 }))]),
    );
    expect(series.gaps).toEqual([{ from: LIVE_START + 5000, to: LIVE_START + 10_000, reason: 'restart' }]);
  });

  test('drops what a clock that was set back has made later', () => {
    const back = { ...livePoint(6), t: LIVE_START + 2500 };
    const series = received(initial('a', range(1, 5)), update(back));
    expect(series.points.map(({ t }) => t - LIVE_START)).toEqual([1000, 2000, 2500]);
  });

  test('forgets what is older than what a server keeps, gaps too', () => {
    let series = received(initial('a', range(1, 2)), update(livePoint(4)));
    for (const point of range(5, LIVE.ring + 100)) series = receiveMessage(series, update(point));
    expect(series.points).toHaveLength(LIVE.ring);
    expect(series.points[0]?.seq).toBe(101);
    expect(series.gaps).toEqual([]);
  });

  test('is whole and in order over any sequence of ticks, losses, reconnections and restarts', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...STEPS), { maxLength: 60 }), (steps) => {
        const world = openWorld();
        for (const step of steps) world[step]();
        const instants = world.series().points.map(({ t }) => t);
        expect(instants).toEqual([...new Set(instants)].sort((a, b) => a - b));
        const neighbours = instants.slice(1).map((t, at) => [instants[at], t] as const);
        for (const [from, to] of neighbours)
          expect(isSeparated(world.series().gaps, from, to)).toBe(to - from > 1000);
      }),
    );
  });
});

const STEPS = ['tick', 'lose', 'reconnect', 'repeat', 'restart'] as const;

/** A server that ticks, and a page that listens to it as well as it can. */
function openWorld() {
  let feed = 1;
  let ring: readonly LivePoint[] = [];
  let t = LIVE_START;
  let series = received(initial('1', []));
  const tell = (message: Parameters<typeof receiveMessage>[1]) => {
    series = receiveMessage(series, message);
  };
  const lose = () => {
    t += 1000;
    const point = { ...livePoint(ring.length + 1), t };
    ring = [...ring, point];
    return point;
  };
  const sendAfter = (seq: number) =>
    tell(
      initial(
        String(feed),
        ring.filter((point) => point.seq > seq),
      ),
    );
  return {
    series: () => series,
    lose,
    tick: () => tell(update(lose())),
    repeat: () => sendAfter(0),
    reconnect: () => sendAfter(series.place?.feed === String(feed) ? series.place.seq : 0),
    restart: () => {
      feed += 1;
      ring = [];
      t += 5000;
      tell(initial(String(feed), []));
    },
  };
}

describe('What the feed does not tell of a stretch', () => {
  const gap = { from: LIVE_START + 20_000, to: LIVE_START + 30_000, reason: 'idle' } as const;
  const series = received(initial('a', [...range(10, 20), ...range(30, 40)], [gap]));
  const span = (from: number, to: number) => ({ from: LIVE_START + from * 1000, to: LIVE_START + to * 1000 });

  test.each([
    ['nothing, where it has points from end to end', span(31, 40), null],
    ['what is older', span(0, 15), span(0, 10)],
    ['a gap', span(12, 40), span(20, 30)],
    ['from the first hole to the last', span(5, 40), span(5, 30)],
    ['all of what is before its points', span(0, 5), span(0, 5)],
  ])('%s', (_, asked, missing) => {
    expect(missingPart(asked, series)).toEqual(missing);
  });

  test('all of it, before the first point', () => {
    expect(missingPart(span(0, 5), NO_SERIES)).toEqual(span(0, 5));
  });
});
