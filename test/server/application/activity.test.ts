import { expect, test } from 'vitest';
import { openActivity, viewUse } from '../../../server/application/activity.ts';
import { openFakeClock } from '../../support/live-world.ts';

function openUsed(limitMs: number | null) {
  const clock = openFakeClock();
  const used = { clock, watchers: 0, feed: 'ready' as 'ready' | 'stopped' | 'failing', isOver: false };
  const activity = openActivity(() => used.watchers, limitMs, clock);
  void activity.isOver.then(() => {
    used.isOver = true;
  });
  const live = { state: () => used.feed, clients: () => used.watchers };
  return { used, activity, status: () => viewUse(live, activity) };
}

test('a server that may end does so when nobody has asked for as long as was said', async () => {
  const { used, activity } = openUsed(300_000);
  await used.clock.pass(200_000);
  activity.note();
  await used.clock.pass(299_999);
  expect(used.isOver).toBe(false);
  await used.clock.pass(1);
  expect(used.isOver).toBe(true);
});

test('it stays while somebody watches, and counts from when the last has left', async () => {
  const { used, activity } = openUsed(300_000);
  used.watchers = 1;
  await used.clock.pass(3_000_000);
  expect(activity.idleSeconds()).toBe(0);
  used.watchers = 0;
  activity.note();
  await used.clock.pass(299_000);
  expect([used.isOver, activity.secondsLeft()]).toEqual([false, 1]);
  await used.clock.pass(1000);
  expect(used.isOver).toBe(true);
});

test('a server of which nothing was said stays for ever', async () => {
  const { used, activity } = openUsed(null);
  await used.clock.pass(1e9);
  expect([used.isOver, activity.secondsLeft()]).toEqual([false, null]);
});

test('use is told in the words of the dashboards', async () => {
  const [may, stays] = [openUsed(300_000), openUsed(null)];
  for (const { used } of [may, stays]) await used.clock.pass(5000);
  expect(may.status()).toEqual({
    status: 'active_in_use',
    clients: 0,
    idle_seconds: 5,
    countdown_seconds: 295,
  });
  for (const { used } of [may, stays]) await used.clock.pass(5000);
  expect([may.status().status, stays.status().status]).toEqual(['active_not_in_use', 'active_persistent']);
  may.used.watchers = 1;
  expect(may.status().status).toBe('active_in_use');
  may.used.feed = 'stopped';
  expect(may.status().status).toBe('inactive');
  may.used.feed = 'failing';
  expect(may.status().status).toBe('error');
});
