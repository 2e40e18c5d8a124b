import type { Page } from 'puppeteer-core';
import { beforeEach, describe, expect, test } from 'vitest';
import type { WatchGroup } from '../../server/domain/watch-group.ts';
import { sharedTempFolder } from '../support/temp-folder.ts';
import { findings, tellWhatAxeSaw } from './support/axe.ts';
import { arrivedAt, openHelp, textOf, textsOf, whereOf } from './support/browser.ts';
import { intruders } from './support/intruders.ts';
import { chartsDrawn, settled } from './support/launch.ts';
import { PID, sampleAt, writeSmallHost } from './support/recording.ts';
import { openSiteOver } from './support/site.ts';
import { readWatchGroups, writeWatchGroups } from './support/watch-config.ts';

const folder = sharedTempFolder();
const GROUPS: readonly WatchGroup[] = [
  {
    name: 'app',
    members: [
      { name: 'Server', rule: { pattern: 'server.js', user: 'app' } },
      { name: 'Workers', rule: { pid: PID.server } },
    ],
  },
  { name: 'builds', members: [{ name: 'Compiler', rule: { exe: 'cc1' } }] },
];
writeSmallHost(folder);
const site = openSiteOver(folder);
tellWhatAxeSaw();

/** The server looks at the file a few times a second. */
async function configure(groups: readonly WatchGroup[]): Promise<void> {
  writeWatchGroups(folder, groups);
  const names = async () => {
    const answer = await site.server().json<{ groups: readonly WatchGroup[] }>('/api/v1/watch-groups');
    return answer.groups.map(({ name }) => name);
  };
  await expect.poll(names).toEqual(groups.map(({ name }) => name));
}

beforeEach(() => configure(GROUPS));

const field = (name: string) => `input[name="${name}"]`;

async function fill(page: Page, name: string, text: string): Promise<void> {
  await page.$eval(field(name), (input) => (input as HTMLInputElement).select());
  await page.type(field(name), text);
}

async function press(page: Page, label: string): Promise<void> {
  await page.evaluate((wanted) => {
    const all = [...document.querySelectorAll<HTMLElement>('main button, main a.btn')];
    all.find((one) => (one.getAttribute('aria-label') ?? one.textContent) === wanted)?.click();
  }, label);
}

const previews = (page: Page) => textsOf(page, '.try');

describe('The page of watch groups', () => {
  test('tells of each what it has, what is ambiguous, and what it had along time', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/watch');
    await page.waitForSelector('.watch-figure .summary');
    expect(await textOf(page, '.watch-figure .summary')).toMatch(
      /^app held at most 0\.996 GiB at 2026-01-15 12:00:00, the most in this range, .* 17 processes are there at the end\.$/,
    );
    const rows = await page.$$eval('.watch-group tbody tr', (all) =>
      all.map((row) => [...row.children].map((cell) => cell.textContent)),
    );
    expect(rows.map((cells) => cells.slice(0, 4))).toEqual([
      ['Server', 'Command contains server.js and User app', '1', '200 MiB'],
      ['Workers', `PID ${PID.server}`, '16', '≤ 820 MiB'],
      ['Compiler', 'Executable cc1', 'not running', '0 B'],
    ]);
    expect(await textOf(page, '.gaps summary')).toBe(
      '1 process matches several members, and counts for the first',
    );
    expect(await textOf(page, '.gaps li')).toBe(`node ${PID.server} counts for Server, not for Workers`);
    await go(`/watch?ts=${new Date(sampleAt(5)).toISOString()}&watch=builds`);
    await chartsDrawn(page);
    expect(await textOf(page, '.watch-figure .summary')).toContain(
      'none of its processes is there at the end',
    );
    expect(await textsOf(page, '[aria-label="Members of builds"] td.num')).toContain('1');
    expectQuiet();
  });

  test('is in the navigation, on a key and in the help', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/status');
    await page.keyboard.press('g');
    await page.keyboard.press('w');
    await arrivedAt(page, /\/watch$/);
    expect(await textOf(page, '.nav [aria-current=page]')).toBe('Live');
    await openHelp(page);
    expect(await textOf(page, 'dialog[open]')).toContain('go to the watch groups');
  });

  test('leads to the snapshot, the overview and the groups of its processes', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/watch');
    await page.click('.watch-group a.btn');
    await arrivedAt(page, /snapshot\?/);
    expect(whereOf(page).params.watch).toBe('app');
    expect(await textOf(page, '.note')).toContain('18 of 22 processes shown');
    expect(await textOf(page, '.chip')).toContain('app');
    await page.click('.nav a');
    await arrivedAt(page, /api\/v1\/\?/);
    await page.waitForSelector('.watch-figure .summary');
    expect(whereOf(page).params.watch).toBe('app');
    await page.click('.chip');
    await page.waitForFunction(() => !document.querySelector('.watch-figure'));
    await go('/api/v1/groups?by=watch');
    expect(await textsOf(page, 'tbody th')).toEqual(['in no watch group', 'app / Workers', 'app / Server']);
    expectQuiet();
  });

  test('can be chosen from among the facets, with what each has', async () => {
    const { page, go } = await site.visit();
    await go('/api/v1/snapshot/level?lvl=2');
    const picker = (await page.$$('.facets .picker')).at(-1);
    await (await picker?.$('summary'))?.click();
    await page.waitForSelector('.facets .picker[open] .facet-values a');
    expect(await textsOf(page, '.facets .picker[open] .facet-values a')).toEqual(['app', 'builds']);
    await page.click('.facets .picker[open] .facet-values a');
    await arrivedAt(page, /watch=app/);
    expect(await page.$$('tbody tr')).toHaveLength(15);
  });
});

describe('The form', () => {
  test('makes a group: tried while it is written, saved, and listed', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/watch');
    await press(page, 'New group');
    await arrivedAt(page, /edit=/);
    await page.waitForSelector('.try');
    await fill(page, 'name', 'queue');
    await fill(page, 'members[0].name', 'Worker');
    expect(await previews(page)).toEqual(['Fill in one of these, and the processes that it has stand here.']);
    await fill(page, 'members[0].rule.pattern', 'WORKER*default');
    await page.waitForSelector('.try b');
    expect(await previews(page)).toEqual([
      expect.stringMatching(/^1 process with 1\.62 GiB977 python3 worker\.py/),
    ]);
    await press(page, 'Add a member');
    await page.waitForSelector(field('members[1].name'));
    await fill(page, 'members[1].name', 'All python');
    await fill(page, 'members[1].rule.exe', 'python3');
    await page.waitForFunction(() => document.querySelectorAll('.try b').length === 2);
    expect((await previews(page))[0]).toContain('a later member matches 1 of them, too');
    await page.keyboard.press('Enter');
    await arrivedAt(page, /\/watch\?watch=queue$/);
    expect(await textsOf(page, '.watch-group h2')).toEqual(['app', 'builds', 'queue']);
    expect(readWatchGroups(folder)[2]).toEqual({
      name: 'queue',
      members: [
        { name: 'Worker', rule: { pattern: 'WORKER*default' } },
        { name: 'All python', rule: { exe: 'python3' } },
      ],
    });
    expectQuiet();
  });

  test('says what is wrong at the field that is, and saves nothing', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/watch?edit=%2B');
    await fill(page, 'name', 'app');
    await press(page, 'Save');
    await page.waitForSelector('[aria-invalid]');
    const wrong = () =>
      page.$eval('[aria-invalid]', (input) => [
        input.getAttribute('name'),
        document.getElementById(input.getAttribute('aria-describedby') ?? '')?.textContent,
        document.activeElement === input,
      ]);
    expect(await wrong()).toEqual(['name', 'There is a group of that name already.', true]);
    expect(await findings(page)).toEqual([]);
    await fill(page, 'name', 'fresh');
    await press(page, 'Save');
    await page.waitForFunction(
      () => document.querySelector('[aria-invalid]')?.getAttribute('name') === 'members[0].name',
    );
    await fill(page, 'members[0].name', 'One');
    await press(page, 'Save');
    await page.waitForSelector('.member [role=alert]');
    expect(await textOf(page, '.member [role=alert]')).toContain('At least one of pattern');
    await fill(page, 'members[0].rule.pid', 'self');
    await press(page, 'Save');
    await page.waitForSelector('[aria-invalid]');
    expect(await wrong()).toEqual(['members[0].rule.pid', 'A whole number, 1 … 2147483647.', true]);
    expect(readWatchGroups(folder)).toEqual(GROUPS);
    expectQuiet();
  });

  test('changes a group: order, members, rules', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/watch?edit=app');
    await press(page, 'Move up member 2');
    await fill(page, 'members[1].rule.user', 'nobody');
    await page.waitForFunction(() => document.querySelectorAll('.try b')[1]?.textContent === '0 processes');
    expect((await previews(page))[0]).toMatch(/^17 processes with ≤ /);
    await press(page, 'Save');
    await arrivedAt(page, /\/watch\?watch=app$/);
    expect(readWatchGroups(folder)[0].members).toEqual([
      GROUPS[0].members[1],
      { name: 'Server', rule: { pattern: 'server.js', user: 'nobody' } },
    ]);
    expectQuiet();
  });

  test('asks for regions over time, and says so beside the group; a wrong interval is told at its field', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/watch?edit=app');
    await fill(page, 'regions', '1s');
    await press(page, 'Save');
    await page.waitForSelector(`${field('regions')}[aria-invalid]`);
    expect(await textOf(page, '#regions-help')).toBe('A time of 10s to 1d, such as 5m.');
    await fill(page, 'regions', '5m');
    await press(page, 'Save');
    await arrivedAt(page, /\/watch\?watch=app$/);
    expect(readWatchGroups(folder)[0].regions).toBe('5m');
    await page.waitForSelector('.kept-regions');
    expect(await textsOf(page, '.kept-regions')).toEqual([
      'Memory regions every 5m: the first round is under way.',
    ]);
    expectQuiet();
  });

  test('keeps what was not saved when the reader goes back and comes again, and asks before all of it is lost', async () => {
    const { page, go } = await site.visit();
    await go('/watch');
    await press(page, 'Edit app');
    await arrivedAt(page, /edit=app/);
    const asksBeforeLeaving = () =>
      page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })));
    expect(await asksBeforeLeaving()).toBe(false);
    await fill(page, 'members[0].name', 'Changed');
    expect(await asksBeforeLeaving()).toBe(true);
    await page.goBack();
    await arrivedAt(page, /\/watch$/);
    expect(await textOf(page, 'main > .note')).toBe('Not saved yet: app');
    expect(readWatchGroups(folder)).toEqual(GROUPS);
    await page.goForward();
    await arrivedAt(page, /edit=app/);
    expect(await page.$eval(field('members[0].name'), (input) => (input as HTMLInputElement).value)).toBe(
      'Changed',
    );
    await press(page, 'Discard changes');
    await arrivedAt(page, /watch=app$/);
    expect(await page.$('main > .note')).toBeNull();
    expect(await asksBeforeLeaving()).toBe(false);
    expect(readWatchGroups(folder)).toEqual(GROUPS);
  });

  test('deletes a group when that is said twice', async () => {
    const { page, go, expectQuiet } = await site.visit();
    await go('/watch?edit=app');
    await press(page, 'Delete …');
    await page.waitForSelector('.btn.hurt');
    expect(await findings(page)).toEqual([]);
    await press(page, 'Keep');
    await page.waitForFunction(() => !document.querySelector('.btn.hurt'));
    await press(page, 'Delete …');
    await page.waitForSelector('.btn.hurt');
    await press(page, 'Delete');
    await arrivedAt(page, /\/watch$/);
    expect(await textsOf(page, '.watch-group h2')).toEqual(['builds']);
    expect(readWatchGroups(folder)).toEqual([GROUPS[1]]);
    await go('/watch?edit=app');
    expect(await textOf(page, 'main > .empty')).toBe('There is no watch group app.');
    expectQuiet();
  });
});

describe('Whatever a group says', () => {
  const MARKUP = '<img src=x onerror=alert(1)>';
  const HOSTILE: readonly WatchGroup[] = [
    {
      name: 'hostile',
      members: [
        { name: MARKUP, rule: { pattern: `"><script>alert(1)</script>` } },
        { name: '%{x}<b>bold</b>', rule: { user: `' onclick='alert(1)`, exe: '\\x1b[2J' } },
        { name: '=cmd|calc', rule: { pattern: '*' } },
      ],
    },
  ];

  test('is shown as text, on its page, in the form, in charts and in tables', async () => {
    await configure(HOSTILE);
    const { page, go, expectQuiet } = await site.visit();
    for (const path of [
      '/watch',
      '/watch?edit=hostile',
      '/api/v1/?watch=hostile',
      '/api/v1/groups?by=watch',
    ]) {
      await go(path);
      await page.waitForNetworkIdle({ idleTime: 300 });
      expect(await intruders(page), path).toEqual([]);
    }
    await go('/watch');
    expect(await textsOf(page, '.watch-members tbody th')).toEqual(
      HOSTILE[0].members.map(({ name }) => name),
    );
    await go('/watch?edit=hostile');
    expect(await page.$eval(field('members[0].name'), (input) => (input as HTMLInputElement).value)).toBe(
      MARKUP,
    );
    await go(`/watch?edit=${encodeURIComponent(MARKUP)}`);
    expect(await intruders(page)).toEqual([]);
    expectQuiet();
  });

  test('a configuration that is broken by hand is told, and the groups stay', async () => {
    const { page, go } = await site.visit();
    writeWatchGroups(folder, [{ name: 'system', members: [] }]);
    const trouble = async () =>
      (await site.server().json<{ trouble: string | null }>('/api/v1/watch-groups')).trouble;
    await expect.poll(trouble).toContain('watch_groups[0].name is not valid');
    await go('/watch');
    expect(await textOf(page, '.note.hurt')).toContain('watch_groups[0].name is not valid');
    expect(await textsOf(page, '.watch-group h2')).toEqual(['app', 'builds']);
    expect(await findings(page)).toEqual([]);
  });
});

describe.each(['light', 'dark'] as const)('Nobody is kept out, %s', (scheme) => {
  test.each(['/watch', '/watch?edit=app', '/api/v1/?watch=app'])('%s', async (path) => {
    const { page, go } = await site.visit({ scheme });
    await go(path);
    await page.waitForNetworkIdle({ idleTime: 300 });
    expect(await findings(page)).toEqual([]);
  });

  test('on a screen of 320 px', async () => {
    const { page, go } = await site.visit({ scheme, width: 320 });
    for (const path of ['/watch', '/watch?edit=app', '/watch?edit=%2B']) {
      await go(path);
      await settled(page);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(beyond, path).toBeLessThanOrEqual(0);
    }
    expect(await findings(page)).toEqual([]);
  });
});

describe('Where nothing has been recorded', () => {
  const empty = openSiteOver(sharedTempFolder());

  test('groups can be made, and say that they wait for the first sample', async () => {
    const { page, go, expectQuiet } = await empty.visit();
    await go('/watch');
    expect(await textOf(page, '.empty h2')).toBe('No watch groups yet');
    expect(await textOf(page, '.sub')).toContain('Nothing has been recorded yet');
    await press(page, 'New group');
    await arrivedAt(page, /edit=/);
    await fill(page, 'name', 'early');
    await fill(page, 'members[0].name', 'One');
    await fill(page, 'members[0].rule.user', 'me');
    await press(page, 'Save');
    await arrivedAt(page, /watch=early$/);
    expect(await textsOf(page, '.watch-members td')).toEqual(['User me', '–', '–', '–', '']);
    expect(await findings(page)).toEqual([]);
    expectQuiet();
  });
});
