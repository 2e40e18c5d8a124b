import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { viewAnswer } from '../../../../server/application/view-answer.ts';
import { viewGroups } from '../../../../server/application/view-groups.ts';
import { viewReport } from '../../../../server/application/view-report.ts';
import { shortNameOf } from '../../../../server/domain/short-names.ts';
import { renderReport } from '../../../../server/interfaces/report/report.ts';
import { writeHistory } from '../../../support/dump-builder.ts';
import { SMALL_RECORDING } from './small-recording.ts';
import { openTestServer, REPORT_STYLES } from './test-server.ts';

const server = openTestServer((dumps) => {
  writeHistory(dumps, SMALL_RECORDING);
});

const SETTING = { zone: 'UTC', version: '0.0.0-test', css: REPORT_STYLES };

test('the report is sent as a file, the same as is rendered of its view', async () => {
  const response = await server().get('/api/v1/report?pid=20&ts=20260115_120100Z');
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('content-disposition')).toBe(
    'attachment; filename="memory_report_test-1_2026-01-15T12-01-00.000Z.html"',
  );
  const text = await response.text();
  const view = await viewReport(server().history, { pid: 20, ts: '20260115_120100Z', limit: 40 }, 'UTC');
  const withoutMade = (document: string) => document.replace(/<dt>Made<\/dt><dd>[^<]*/, '');
  expect(withoutMade(text)).toBe(withoutMade(renderReport(view, { ...SETTING, made: 0 })));
});

test('its policy allows the one style sheet that stands in it, and no script at all', async () => {
  const text = await (await server().get('/api/v1/report')).text();
  const css = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? '';
  expect(css).toBe(REPORT_STYLES);
  const hash = createHash('sha256').update(css).digest('base64');
  expect(text).toContain(
    `content="default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;; img-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;"`,
  );
  expect(text).not.toMatch(/<script|\sstyle=|\son[a-z]+=|<a\s|https?:/);
});

test('a filter leaves those that pass it and those above them, and is told', async () => {
  const whole = await viewReport(server().history, { limit: 40 }, 'UTC');
  const view = await viewReport(server().history, { limit: 40, q: 'worker' }, 'UTC');
  const isWorker = ({ cmd }: { readonly cmd: string | null }) => cmd?.includes('worker') ?? false;
  const workers = whole.rows.filter(isWorker);
  expect(workers.length).toBeGreaterThan(0);
  expect(view.matched).toBe(workers.length);
  expect(view.rows.filter(isWorker).map(({ pid }) => pid)).toEqual(workers.map(({ pid }) => pid));
  expect(view.rows.length).toBeLessThan(whole.rows.length);
  expect(view.lines.every(isWorker)).toBe(true);
  const document = renderReport(view, { ...SETTING, made: 0 });
  expect(document).toContain(`Filtered: ${workers.length} of ${whole.rows.length} processes`);
  expect(renderReport(whole, { ...SETTING, made: 0 })).not.toContain('Filtered');
});

test('groups stand in it as the page of groups has them, bounds and what is known included', async () => {
  const request = { by: 'user', window: 'upto', limit: 40, watchGroups: [] } as const;
  const page = await viewGroups(server().history, request, 'UTC');
  const view = await viewReport(server().history, { limit: 40, group: 'user' }, 'UTC');
  expect(view.groups).toEqual({
    by: 'user',
    groups: page.groups,
    groups_total: page.groups_total,
    totals: page.totals,
  });
  const document = renderReport(view, { ...SETTING, made: 0 });
  const rows = [...document.matchAll(/<span class="name">([^<]*)<\/span><\/th><td>(\d+)<\/td>\n<td>(≤ )?/g)];
  expect(rows.map(([, name, processes, bound]) => [name, Number(processes), bound !== undefined])).toEqual(
    page.groups.map((group) => [group.name, group.processes, group.rss_is_upper_bound]),
  );
  expect(page.groups.some((group) => group.rss_is_upper_bound)).toBe(true);
  expect(document).toContain(`Total of ${page.groups_total} groups`);
  expect(document).not.toContain('<h2>Processes</h2>');
});

test('more groups than asked for are counted', async () => {
  const view = await viewReport(server().history, { limit: 1, group: 'cmd' }, 'UTC');
  const total = view.groups?.groups_total;
  expect(total).toBeGreaterThan(1);
  expect(renderReport(view, { ...SETTING, made: 0 })).toContain(`The largest 1 of ${total} groups.`);
});

test.each(['treemap', 'icicle'] as const)(
  'the %s holds what the filter leaves, each tile named',
  async (kind) => {
    const filter = { limit: 40, q: 'worker', view: kind };
    const { picture, rows, ...rest } = await viewReport(server().history, filter, 'UTC');
    const held = rows
      .filter(({ cmd }) => cmd?.includes('worker'))
      .reduce((sum, row) => sum + row.rss_bytes, 0);
    expect(picture?.kind).toBe(kind);
    expect(picture?.tiles.reduce((sum, { ownBytes }) => sum + ownBytes, 0)).toBe(held);
    const document = renderReport({ ...rest, picture, rows }, { ...SETTING, made: 0 });
    expect(document.match(/<rect class="tile"/g)).toHaveLength(picture?.tiles.length ?? 0);
    const names = [...document.matchAll(/<title>(\S+ \d+) · /g)].map(([, name]) => name);
    expect(names.sort()).toEqual(picture?.tiles.map(({ row }) => row && shortNameOf(row)).sort());
    expect(document).not.toMatch(/<script|\sstyle=|\son[a-z]+=|<a\s|https?:/);
  },
);

test('of a level, the others are only those above its processes', async () => {
  const whole = await viewReport(server().history, { limit: 40 }, 'UTC');
  const view = await viewReport(server().history, { limit: 40, lvl: 1 }, 'UTC');
  const ofLevel = whole.rows.filter((row) => row.level === 1);
  expect(view.matched).toBe(ofLevel.length);
  expect(view.rows.filter((row) => row.level >= 1).map(({ key }) => key)).toEqual(
    ofLevel.map(({ key }) => key),
  );
  expect(renderReport(view, { ...SETTING, made: 0 })).toContain(
    `Level 1: ${ofLevel.length} of ${whole.rows.length} processes, with those above them.`,
  );
});

test('what the answer says stands above the figures, as text', async () => {
  const view = await viewReport(server().history, { limit: 40 }, 'UTC');
  const { text } = await viewAnswer(server().history, {}, 'UTC');
  expect(view.answer).toBe(text);
  const document = renderReport({ ...view, answer: 'node 812 <b>grew</b>' }, { ...SETTING, made: 0 });
  expect(document).toContain('<p class="answer">node 812 &lt;b&gt;grew&lt;/b&gt;</p>');
  expect(document.match(/class="answer"/g)).toHaveLength(1);
});

test('gaps, an incomplete sample and a recording that was made up are told', async () => {
  const view = await viewReport(server().history, { limit: 40 }, 'UTC');
  const gap = { from: '2026-01-15T12:00:00.000Z', to: '2026-01-15T12:10:00.000Z', reason: 'reboot' } as const;
  const gaps = Array.from({ length: 23 }, () => gap);
  const coverage = { ...view.coverage, gaps, covered_ratio: 0.99999 };
  const text = renderReport({ ...view, coverage, demo: true, incomplete: true }, { ...SETTING, made: 0 });
  expect(text).toContain('99.9 % of');
  expect(text.match(/\(10m 0s\): reboot/g)).toHaveLength(20);
  expect(text).toContain('<li>and 3 more</li>');
  expect(text).toContain('A generated recording');
  expect(text).toContain('This sample is incomplete');
});
