import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MIB } from '../../../../server/domain/units.ts';
import type { AlertsAnswer } from '../../../../server/interfaces/http/schemas/alerts.ts';
import type { EventsAnswer } from '../../../../server/interfaces/http/schemas/events.ts';
import type { HealthAnswer, Problem } from '../../../../server/interfaces/http/schemas.ts';
import type { SampleLiteral } from '../../../support/dump-builder.ts';
import { HISTORY_START, writeHistory } from '../../../support/dump-builder.ts';
import { sharedTempFolder } from '../../../support/temp-folder.ts';
import type { TestServer } from './test-server.ts';
import { PAGE, serveFolder } from './test-server.ts';

const dumps = sharedTempFolder();
const scratch = sharedTempFolder();
let server: TestServer;

const FREE = [500, 90, 80, 200, 70, 60, 50];
const SAMPLES = FREE.map(
  (free, at): SampleLiteral => ({
    t: at * 60,
    host: 'web-1',
    processes: [{ pid: 1 }, { pid: 7, ppid: 1, rss_mb: 100, cmd: '=cmd|calc' }],
    system: { mem_total_bytes: 1000 * MIB, mem_available_bytes: free * MIB },
  }),
);
const CONFIG = {
  watch_groups: [{ name: 'shop', members: [{ name: 'All', rule: { pattern: 'calc' } }] }],
  alert_rules: [
    { name: 'Memory', kind: 'mem_available', limit: '10%', for: '1m', cool_down: '0s', severity: 'critical' },
    { name: 'Budget', kind: 'budget', watch: 'shop', limit: '50MiB', for: '5m' },
  ],
};
const FIRED = HISTORY_START + 5 * 60_000;

beforeAll(async () => {
  writeHistory(dumps, SAMPLES);
  writeFileSync(join(scratch, 'config.json'), JSON.stringify(CONFIG));
  server = await serveFolder(dumps, scratch);
});
afterAll(async () => {
  await server.close();
  expect(server.failures).toEqual([]);
});

const alerts = (query = '') => server.json<AlertsAnswer>(`/api/v1/alerts${query}`);

function post(body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(`${server.origin}/api/v1/alerts`, {
    method: 'POST',
    headers: { origin: server.origin, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

describe('/api/v1/alerts', () => {
  test('tells rules, what fires and what is over, with the process behind it', async () => {
    const { rules, firing, resolved, are_usual } = await alerts();
    expect(rules.map(({ rule, state }) => [rule.name, state])).toEqual([
      ['Memory', 'firing'],
      ['Budget', 'firing'],
    ]);
    expect(firing.map(({ rule, culprit }) => [rule, culprit?.pid])).toEqual([
      ['Memory', 7],
      ['Budget', 7],
    ]);
    expect(resolved.map(({ rule, fired }) => [rule, fired])).toEqual([
      ['Memory', '2026-01-15T12:02:00.000Z'],
    ]);
    expect(are_usual).toBe(false);
    expect((await alerts('?to=20260115_120300Z')).firing).toEqual([]);
  });

  test('is a page, and a table with guarded formulas', async () => {
    const page = await server.get('/alerts', { accept: 'text/html' });
    expect(await page.text()).toBe(PAGE);
    const csv = await (await server.get('/api/v1/alerts?format=csv')).text();
    const [head, ...lines] = csv.trimEnd().split('\n');
    expect(head).toMatch(
      /^state,rule,kind,severity,since,fired,ended,unit,value,limit,whole,peak_ts,peak_value,culprit_pid/,
    );
    expect(lines.map((line) => line.split(',').slice(0, 2))).toEqual([
      ['firing', 'Memory'],
      ['firing', 'Budget'],
      ['resolved', 'Memory'],
    ]);
    expect(lines[0]).toContain("'=cmd|calc");
  });

  test('takes a rule from the file as soon as it stands there, and says what is wrong with one', async () => {
    const write = (config: unknown) => writeFileSync(join(scratch, 'config.json'), JSON.stringify(config));
    const [memory] = CONFIG.alert_rules;
    write({ ...CONFIG, alert_rules: [{ ...memory, limit: '1%' }] });
    await expect.poll(async () => (await alerts()).rules.map(({ state }) => state)).toEqual(['inactive']);
    write({ ...CONFIG, alert_rules: [{ ...memory, limit: 'much' }] });
    await expect
      .poll(async () => (await alerts()).trouble)
      .toBe(
        'The configuration cannot be used: alert_rules[0].limit is not valid. A size, such as 500MiB, or a part, such as 5%.',
      );
    expect((await alerts()).rules).toHaveLength(1);
    write({ ...CONFIG, alert_rules: [{ ...memory, watsh: 'shop' }] });
    await expect
      .poll(async () => (await alerts()).trouble)
      .toContain('There is no watsh; known: name, kind,');
    write({ ...CONFIG, alert_rules: [memory, memory] });
    await expect.poll(async () => (await alerts()).trouble).toContain('Memory is there twice.');
    write(CONFIG);
    await expect.poll(async () => (await alerts()).rules.length).toBe(2);
  });

  test('are among the events, and healthz has how many fire', async () => {
    const { events } = await server.json<EventsAnswer>('/api/v1/events');
    expect(events.map(({ kind, rule, t }) => [kind, rule, t])).toContainEqual(['alert', 'Memory', FIRED]);
    const health = () => server.json<HealthAnswer>('/healthz');
    await expect.poll(async () => (await health()).alerts).toEqual({ host: 'web-1', firing: 2 });
  });
});

describe('acknowledging an alert', () => {
  const request = { host: 'web-1', rule: 'Memory', fired: FIRED };
  const acknowledged = async () => (await alerts()).firing.map((one) => one.acknowledged !== null);

  test('is kept across a restart, until it is taken back', async () => {
    expect((await post(request)).status).toBe(200);
    expect(await acknowledged()).toEqual([true, false]);
    await server.close();
    server = await serveFolder(dumps, scratch);
    expect(await acknowledged()).toEqual([true, false]);
    expect((await post({ ...request, acknowledged: false })).status).toBe(200);
    expect(await acknowledged()).toEqual([false, false]);
  });

  test.each<[string, unknown, Readonly<Record<string, string>>, number, string]>([
    ['another site asks', request, { origin: 'https://evil.example' }, 403, 'origin_refused'],
    ['it is no JSON', request, { 'content-type': 'text/plain' }, 415, 'not_json'],
    ['it is too long', { ...request, rule: 'x'.repeat(20_000) }, {}, 413, 'too_large'],
    ['there is no such rule', { ...request, rule: 'Swap' }, {}, 400, 'bad_parameter'],
    ['there was no such alert', { ...request, fired: FIRED - 120_000 }, {}, 400, 'bad_parameter'],
    ['the host is another', { ...request, host: 'web-2' }, {}, 404, 'unknown_host'],
    ['a field is misspelt', { ...request, ack: true }, {}, 400, 'bad_parameter'],
  ])('is refused where %s', async (_, body, headers, status, code) => {
    const response = await post(body, headers);
    expect([response.status, ((await response.json()) as Problem).code]).toEqual([status, code]);
    expect(await acknowledged()).toEqual([false, false]);
  });
});
