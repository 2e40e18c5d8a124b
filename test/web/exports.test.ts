import { describe, expect, test } from 'vitest';
import { dataLinks, pictureFile, reportLink } from '../../web/lib/exports.ts';
import { parseView } from '../../web/state.ts';

const viewAt = (href: string) => parseView(new URL(href, 'http://localhost'));
const TS = '2026-01-15T12:39:00.000Z';
const level = { host: 'web 1', ts: TS };

describe('What a view can be taken along as', () => {
  test('a view of now is exported as the instant that is seen, in each form, filters included', () => {
    const links = dataLinks(viewAt('/api/v1/snapshot/level?lvl=1&min_rss=5&fold=7&unit=MB'), level);
    expect(links.map(({ label }) => label)).toEqual(['CSV', 'CSV, raw', 'JSON', 'NDJSON', 'Parquet']);
    const queries = links.map(({ href }) =>
      Object.fromEntries(new URL(href, 'http://localhost').searchParams),
    );
    const same = { ts: TS, min_rss: '5', lvl: '1' };
    expect(queries).toEqual([
      { ...same, format: 'csv' },
      { ...same, format: 'csv', raw: '1' },
      { ...same, format: 'json' },
      { ...same, format: 'ndjson' },
      { ...same, format: 'parquet' },
    ]);
    expect(links[2].file).toBe('memory_level_1_web-1_2026-01-15T12-39-00.000Z.json');
  });

  test('a stretch is exported from end to end, as finely as the server gives it', () => {
    const plot = { host: 'a', ts: TS, range: { from: '2026-01-15T12:00:00.000Z', to: TS } };
    const [csv] = dataLinks(viewAt('/api/v1/snapshot/pid/plot?pid=8&hide=own&small=1'), plot);
    const query = Object.fromEntries(new URL(csv.href, 'http://localhost').searchParams);
    expect(query).toEqual({ pid: '8', from: plot.range.from, to: TS, format: 'csv', px: '4000' });
  });

  test('the report takes what it knows: never a limit that it would refuse', () => {
    const view = viewAt('/api/v1/snapshot/pid?pid=8&limit=10000&sort=pid');
    expect(reportLink(view, level)?.href).toBe(`/api/v1/report?${new URLSearchParams({ pid: '8', ts: TS })}`);
  });

  test('there is no report of what is not of the recording', () => {
    for (const path of ['/api/v1/files', '/live', '/system', '/analyze?pid=8', '/learn'])
      expect(reportLink(viewAt(path), { ts: TS })).toBeNull();
  });

  test('the report is of what the page shows: groups, a picture, a level', () => {
    const asked = (path: string) => {
      const { href } = reportLink(viewAt(path), level) ?? { href: '' };
      return Object.fromEntries(new URL(href, 'http://localhost').searchParams);
    };
    expect(asked('/api/v1/groups?by=user&q=x&view=treemap')).toEqual({ ts: TS, q: 'x', group: 'user' });
    expect(asked('/api/v1/snapshot?view=icicle')).toEqual({ ts: TS, view: 'icicle' });
    expect(asked('/api/v1/snapshot?view=strange')).toEqual({ ts: TS });
    expect(asked('/api/v1/groups?by=exe&base=-1h')).toEqual({ ts: TS, base: '-1h', group: 'exe' });
    expect(asked('/api/v1/snapshot/level?lvl=0')).toEqual({ ts: TS, lvl: '0' });
  });

  test('what is compared with is taken along as the instant that it was', () => {
    const compared = { ...level, base: { ts: '2026-01-15T11:39:00.000Z' } };
    const { href } = reportLink(viewAt('/api/v1/groups?by=exe&base=-1h'), compared) ?? { href: '' };
    expect(new URL(href, 'http://localhost').searchParams.get('base')).toBe(compared.base.ts);
  });

  test('the status is a table of figures, and is called by its time', () => {
    const links = dataLinks(viewAt('/api/v1/status'), { now: TS });
    expect(links.map(({ label }) => label)).toEqual(['CSV', 'CSV, raw', 'JSON', 'NDJSON', 'Parquet']);
    expect(links[0].file).toBe('memory_status_2026-01-15T12-39-00.000Z.csv');
  });

  test('the live page has the feed’s points in the forms that it does not make itself, as many as it shows', () => {
    const links = dataLinks(viewAt('/live?points=300&watch=app'), { host: 'a', coverage: { to: TS } });
    expect(links.map(({ label, href, file }) => [label, href, file])).toEqual([
      ['NDJSON', '/live?format=ndjson&n=300', 'memory_live_a_2026-01-15T12-39-00.000Z.ndjson'],
      ['Parquet', '/live?format=parquet&n=300', 'memory_live_a_2026-01-15T12-39-00.000Z.parquet'],
    ]);
  });

  test('a picture is called by its view and its title', () => {
    const overview = { host: 'a', coverage: { from: TS, to: TS } };
    expect(pictureFile(viewAt('/api/v1/'), overview, 'RAM usage', 'png')).toBe(
      'memory_overview-ram-usage_a_2026-01-15T12-39-00.000Z.png',
    );
  });
});
