import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { viewAnswer } from '../../../../server/application/view-answer.ts';
import { viewReport } from '../../../../server/application/view-report.ts';
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
