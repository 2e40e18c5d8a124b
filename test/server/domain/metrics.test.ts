import { describe, expect, test } from 'vitest';
import { processColumns } from '../../../server/domain/dump-format.ts';
import {
  isTextMetric,
  NUMBER_COLUMNS,
  PROCESS_METRICS,
  processMetric,
  STORED_PROCESS_METRICS,
  TEXT_COLUMNS,
} from '../../../server/domain/metrics.ts';

function repeated(names: readonly string[]): string[] {
  return names.filter((name, at) => names.indexOf(name) !== at);
}

describe('the catalogue of process metrics', () => {
  test('names each metric once, in a form that fits a URL and a CSV header', () => {
    const ids = PROCESS_METRICS.map(({ id }) => id);
    expect(repeated(ids)).toEqual([]);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(_[a-z]+)*$/);
  });

  test('says of each what it is, in a label and a sentence', () => {
    expect(repeated(PROCESS_METRICS.map(({ label }) => label))).toEqual([]);
    for (const { label, help } of PROCESS_METRICS) {
      expect(label).not.toBe('');
      expect(help).toMatch(/^[A-Z].*\.$/);
    }
  });

  test('has the unit in the name: _bytes are bytes, _seconds are seconds', () => {
    for (const { id, unit } of PROCESS_METRICS) {
      expect([id, id.endsWith('_bytes')]).toEqual([id, unit === 'bytes']);
      expect([id, id.endsWith('_seconds')]).toEqual([id, unit === 'seconds']);
    }
  });

  test('gives each stored metric a column of its own, in either format', () => {
    expect(repeated(STORED_PROCESS_METRICS.map(({ stored }) => stored.column))).toEqual([]);
    expect(repeated(processColumns('seed').map(({ name }) => name))).toEqual([]);
    for (const { stored } of STORED_PROCESS_METRICS) expect(stored.column).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
  });

  test('scales what is stored in kB, and nothing else', () => {
    for (const { stored } of STORED_PROCESS_METRICS)
      expect([stored.column, stored.scale]).toEqual([
        stored.column,
        stored.column.endsWith('_KB') ? 1024 : 1,
      ]);
    for (const { name, scale } of processColumns('seed'))
      expect([name, scale]).toEqual([name, name.endsWith('_MB') ? 1024 * 1024 : 1]);
  });

  test('adds up neither ids nor levels nor extremes, and no derived figure at all', () => {
    const addable = PROCESS_METRICS.filter((metric) => metric.addable).map(({ id }) => id);
    expect(addable).toEqual(['threads', 'rss_bytes', 'pss_bytes', 'swap_bytes', 'cpu_seconds']);
  });

  test('has every figure of a row that the HTTP contract names', () => {
    const contract =
      'pid, ppid, key, weak_identity, user, comm, cmd, cgroup, state, threads, level, started, first_seen, ' +
      'last_seen, lifetime_seconds, rss_bytes, vsz_bytes, hwm_bytes, pss_bytes, swap_bytes, cpu_seconds, ' +
      'rss_min_bytes, rss_mean_bytes, rss_max_bytes, subtree_processes, subtree_rss_bytes, ' +
      'subtree_rss_mean_bytes, subtree_rss_max_bytes';
    const ids = new Set<string>(PROCESS_METRICS.map(({ id }) => id));
    expect(contract.split(', ').filter((name) => !ids.has(name))).toEqual([]);
  });

  test('sorts every stored metric into numbers or texts', () => {
    const ids = STORED_PROCESS_METRICS.map(({ id }) => id);
    expect([...NUMBER_COLUMNS, ...TEXT_COLUMNS].sort()).toEqual([...ids].sort());
    expect(TEXT_COLUMNS).toEqual(['user', 'state', 'cgroup', 'comm', 'cmd']);
    expect(STORED_PROCESS_METRICS.filter(isTextMetric).map(({ id }) => id)).toEqual(TEXT_COLUMNS);
  });

  test('knows the source of each stored metric: exact RSS is in statm, identity in stat', () => {
    const source = (id: string) => STORED_PROCESS_METRICS.find((metric) => metric.id === id)?.stored.source;
    expect(source('rss_bytes')).toEqual({ file: 'statm', field: 2 });
    expect(source('start_ticks')).toEqual({ file: 'stat', field: 22 });
    expect(source('ppid')).toEqual({ file: 'stat', field: 4 });
  });
});

describe('a metric', () => {
  test('is found by its id', () => {
    for (const metric of PROCESS_METRICS) expect(processMetric(metric.id)).toBe(metric);
  });

  test.each(['__proto__', 'constructor', 'RSS_KB', ''])('is not found by %j', (id) => {
    expect(() => processMetric(id as 'pid')).toThrow(RangeError);
  });
});

describe('adding a metric', () => {
  const added = {
    id: 'fds',
    label: 'Open files',
    unit: 'count',
    addable: true,
    nullable: true,
    help: 'Number of open file descriptors.',
    stored: {
      column: 'FDS',
      scale: 1,
      decimals: 0,
      required: false,
      source: { file: 'status', key: 'FDSize' },
    },
  } as const;

  test('is one entry: its column appears in the dump', () => {
    const columns = processColumns('v2', [...STORED_PROCESS_METRICS, added]);
    expect(columns).toHaveLength(STORED_PROCESS_METRICS.length + 1);
    expect(columns.at(-1)).toEqual({ id: 'fds', name: 'FDS', scale: 1, decimals: 0, required: false });
  });

  test("does not touch the predecessor's format", () => {
    expect(processColumns('seed', [...STORED_PROCESS_METRICS, added])).toEqual(processColumns('seed'));
  });

  test('is enough, because the columns are those of the catalogue and nothing else', () => {
    expect(processColumns('v2').map(({ id, name }) => [id, name])).toEqual(
      STORED_PROCESS_METRICS.map(({ id, stored }) => [id, stored.column]),
    );
  });
});
