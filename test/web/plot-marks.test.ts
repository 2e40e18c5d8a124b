import { describe, expect, test } from 'vitest';
import type { EventsAnswer } from '../../server/interfaces/http/schemas/events.ts';
import type { PlotAnswer } from '../../server/interfaces/http/schemas.ts';
import { eventsHref, lifeOf, markedEvents, markOf, whileAlive } from '../../web/pages/plot-marks.ts';

const answer: EventsAnswer = {
  host: 'a',
  total: 5,
  events: [
    { t: 10, kind: 'start', text: '', pid: 7 },
    { t: 20, to: 30, kind: 'exec', text: '', pid: 7, cmd: '/usr/bin/node server.js' },
    { t: 40, to: 60, kind: 'gap', text: '', reason: 'stopped' },
    { t: 70, to: 80, kind: 'oom_kill', text: '', count: 2 },
    { t: 90, to: 95, kind: 'exit', text: '', pid: 7 },
  ],
};

describe('Marks', () => {
  test('are new commands and processes that were killed, at the first sample that shows them', () => {
    const all = { from: 0, to: 100 };
    expect(markedEvents(answer, all).map((event) => markOf(event, all))).toEqual([
      { t: 30, text: 'exec node', tone: 'muted' },
      { t: 80, text: '2 OOM kills', tone: 'hurt' },
    ]);
  });

  test('are those of the stretch that is shown; without an answer there are none', () => {
    expect(markedEvents(answer, { from: 31, to: 75 }).map(({ kind }) => kind)).toEqual(['oom_kill']);
    expect(markedEvents(null, { from: 0, to: 100 })).toEqual([]);
  });
});

describe('What happened while a process lived', () => {
  const at = (t: number) => new Date(t).toISOString();

  test('is asked for beyond its last sample: what ended it shows in the next', () => {
    const query = new URL(eventsHref('a', { key: 'k', first_seen: at(10), last_seen: at(70) }), 'http://x');
    expect(Date.parse(query.searchParams.get('to') ?? '')).toBeGreaterThan(80);
  });

  test('began while it was there, whenever it showed', () => {
    const kinds = (seen: number) =>
      whileAlive(answer, { last_seen: at(seen) })?.events.map(({ kind }) => kind);
    expect(kinds(70)).toEqual(['start', 'exec', 'gap', 'oom_kill']);
    expect(kinds(69)).toEqual(['start', 'exec', 'gap']);
    expect(whileAlive(null, { last_seen: at(70) })).toBeNull();
  });
});

describe('A life', () => {
  const at = (t: number) => new Date(t).toISOString();
  const plotOf = (started: number, seen: number, to: number) =>
    ({
      process: { started: at(started), last_seen: at(seen) },
      range: { from: at(0), to: at(to) },
    }) as unknown as PlotAnswer;
  const shown = { from: 0, to: 120_000 };

  test('ends at its last sample where others came after it', () => {
    expect(lifeOf(plotOf(5000, 60_000, 100_000), shown, 100_000)).toEqual({ from: 5000, to: 60_000 });
  });

  test('does not end where it is in the newest sample, even if the stretch goes on', () => {
    expect(lifeOf(plotOf(5000, 100_000, 100_000), shown, 100_000).to).toBe(shown.to);
    expect(lifeOf(plotOf(5000, 100_000, 110_000), shown, 100_000).to).toBe(shown.to);
  });
});
