import { describe, expect, test } from 'vitest';
import type { EventsAnswer } from '../../server/interfaces/http/schemas/events.ts';
import type { PlotAnswer } from '../../server/interfaces/http/schemas.ts';
import { lifeOf, markedEvents, markOf } from '../../web/pages/plot-marks.ts';

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
    expect(markedEvents(answer, { from: 0, to: 100 }).map(markOf)).toEqual([
      { t: 30, text: 'exec node', tone: 'muted' },
      { t: 80, text: '2 OOM kills', tone: 'hurt' },
    ]);
  });

  test('are those of the stretch that is shown; without an answer there are none', () => {
    expect(markedEvents(answer, { from: 31, to: 75 }).map(({ kind }) => kind)).toEqual(['oom_kill']);
    expect(markedEvents(null, { from: 0, to: 100 })).toEqual([]);
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
