import { afterAll, beforeAll, expect, test } from 'vitest';
import type { History } from '../../../server/application/ports.ts';
import { viewAnswer } from '../../../server/application/view-answer.ts';
import { viewLevel } from '../../../server/application/view-level.ts';
import { viewReport } from '../../../server/application/view-report.ts';
import { viewWatchGroups } from '../../../server/application/view-watch-groups.ts';
import { historyOf, minutes } from './recorded.ts';

let recorded: History;
beforeAll(async () => {
  recorded = await historyOf(minutes([{ pid: 1 }], [{ pid: 1 }]));
});
afterAll(() => recorded.close());

const rows = { window: 'upto', limit: 10, sort: 'rss_bytes', dir: 'desc' } as const;
const store = {
  groups: () => [],
  trouble: () => null,
  save: async () => undefined,
  remove: async () => false,
};
const regions = { kept: () => null, close: async () => undefined };
const VIEWS: Readonly<Record<string, (history: History) => Promise<object>>> = {
  level: (history) => viewLevel(history, { ...rows, lvl: 0 }, 'UTC'),
  answer: (history) => viewAnswer(history, {}, 'UTC'),
  'watch groups': (history) => viewWatchGroups(history, { store, regions }, {}, 'UTC'),
  report: (history) => viewReport(history, { limit: 10 }, 'UTC'),
};

/** What a reader sees whose sample goes with its folder after it was chosen. @param times that it does */
function losing(times: number, after: Partial<History> = {}): History {
  let left = times;
  const history = { ...recorded };
  return Object.assign(history, {
    readSnapshot: async (host: string, t: number) => {
      if (left-- <= 0) return recorded.readSnapshot(host, t);
      Object.assign(history, after);
      return null;
    },
  });
}

test.each(Object.entries(VIEWS))(
  '%s: a sample that goes while it is read is chosen anew',
  async (_, view) => {
    expect(await view(losing(1))).toEqual(await view(recorded));
  },
);

test.each(Object.entries(VIEWS))('%s: samples that go each time are no bug: ask again', async (_, view) => {
  await expect(view(losing(100))).rejects.toMatchObject({ code: 'busy', next: 'Ask again.' });
});

test('where the last sample has gone there are none', async () => {
  const history = losing(1, { hosts: () => [] });
  await expect(VIEWS.level(history)).rejects.toMatchObject({ code: 'no_process_dumps' });
});
