import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Column, DumpFormat } from '../../../server/domain/dump-format.ts';
import {
  decodeNumber,
  emptyProcessTable,
  encodeCell,
  encodeNumber,
  encodeProcessFile,
  encodeSystemFile,
  processColumns,
  processFileOrder,
  requiredColumns,
  SEED_SYSTEM_COLUMNS,
  SYSTEM_HEAD_COLUMNS,
  SYSTEM_TAIL_COLUMNS,
  systemColumns,
} from '../../../server/domain/dump-format.ts';
import { NUMBER_COLUMNS, TEXT_COLUMNS } from '../../../server/domain/metrics.ts';
import type { ProcessTable } from '../../../server/domain/sample.ts';
import { escapeBytes, unescapeToBytes } from '../../../server/domain/text-notation.ts';
import { anyText } from './any-text.ts';

const MIB = 1024 * 1024;

function nameOf(columns: readonly Column<string>[]): string {
  return columns.map(({ name }) => name).join(',');
}

function column(scale: number, decimals = 0): Column<string> {
  return { id: 'x', name: 'X', scale, decimals, required: false };
}

describe('the columns of a dump', () => {
  test('are those of the dump format, in its order', () => {
    expect(nameOf(processColumns('v2'))).toBe(
      'PID,PPID,USER,START_TICKS,STATE,THREADS,RSS_KB,VSZ_KB,HWM_KB,PSS_KB,SWAP_KB,CPU_S,CGROUP,COMM,CMD',
    );
    expect(requiredColumns('v2').join(',')).toBe('PID,PPID,USER,START_TICKS,RSS_KB,VSZ_KB,CMD');
    expect(SYSTEM_HEAD_COLUMNS.join(',')).toBe(
      'TIMESTAMP,HOST,BOOT_ID,BOOT_TIME,UPTIME_S,CLK_TCK,INTERVAL_S,PROC_ROWS,PROC_CRC32',
    );
    expect(SYSTEM_TAIL_COLUMNS.join(',')).toBe(
      'RECORDER_PID,RECORDER_VERSION,CMD_MODE,VANISHED,UNREADABLE,OVERRUN_S,LABEL',
    );
  });

  test("are the predecessor's in its format, all required", () => {
    expect(nameOf(processColumns('seed'))).toBe('PID,PPID,USER,RSS_MB,VSZ_MB,CMD');
    expect(requiredColumns('seed').join(',')).toBe('PID,PPID,USER,RSS_MB,VSZ_MB,CMD');
    expect(SEED_SYSTEM_COLUMNS.join(', ')).toBe(
      'MemTotal_MB, MemFree_MB, MemAvailable_MB, Buffers_MB, Cached_MB, SwapCached_MB, Active(anon)_MB, ' +
        'Inactive(anon)_MB, SwapTotal_MB, SwapFree_MB, AnonPages_MB, SReclaimable_MB, SUnreclaim_MB, ' +
        'PageTables_MB, CommitLimit_MB, Committed_AS_MB, AnonHugePages_MB, HugePages_Total, HugePages_Free',
    );
  });

  test("are read of the predecessor's system row in its order; the two counts are not kept", () => {
    const kept = systemColumns('seed');
    expect(kept.map(({ name }) => name)).toEqual(SEED_SYSTEM_COLUMNS.slice(0, -2));
    expect(kept.every(({ scale }) => scale === MIB)).toBe(true);
  });

  test('never clash between measurements and the rest of the system row', () => {
    const names = [
      ...SYSTEM_HEAD_COLUMNS,
      ...systemColumns('v2').map(({ name }) => name),
      ...SYSTEM_TAIL_COLUMNS,
    ];
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('a number', () => {
  test.each<[cell: string, value: number | null]>([
    ['', Number.NaN],
    [' 12 ', null],
    ['-1', -1],
    ['1e400', null],
    ['1e3', null],
    ['NaN', null],
    ['Infinity', null],
    ['0x10', null],
    ['1_000', null],
    ['12abc', null],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', null],
    ['18446744073709551616', null],
    ['\u0663', null],
    ['00012', 12],
    ['1,234', null],
    ['1.50', 1.5],
    ['0.000000001', 1e-9],
    ['.5', null],
    ['5.', null],
    ['+5', null],
    ['--5', null],
    ['1.2.3', null],
    ['12\n', null],
    ['null', null],
    ['NA', null],
    [' ', null],
  ])('%j is read as %d (null: refused, NaN: unknown)', (cell, value) => {
    expect(decodeNumber(cell, 1)).toBe(value);
  });

  test('-0 counts as 0', () => {
    expect(decodeNumber('-0', 1024)).toBeCloseTo(0);
  });

  test('of kB is told in bytes, unless that is more than can be told exactly', () => {
    expect(decodeNumber('12', 1024)).toBe(12_288);
    expect(decodeNumber('8796093022207', 1024)).toBe(8796093022207 * 1024);
    expect(decodeNumber('8796093022208', 1024)).toBeNull();
  });

  test('is read as JavaScript reads it, or not at all', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 6 }), fc.stringMatching(/^[-+.\deE]{1,8}$/)), (cell) => {
        const value = decodeNumber(cell, 1);
        if (cell !== '' && value !== null) expect(value).toBe(Number(cell));
      }),
      { numRuns: 500 },
    );
  });

  test('unknown is an empty cell, never 0', () => {
    expect(encodeNumber(Number.NaN, column(1024))).toBe('');
    expect(encodeNumber(Number.NaN, column(1, 2))).toBe('');
    expect(encodeNumber(0, column(1024))).toBe('0');
    expect(encodeNumber(0, column(1, 2))).toBe('0.00');
  });

  test('is written in the unit of its column, rounded down to whole ones', () => {
    expect(encodeNumber(1_048_576, column(1024))).toBe('1024');
    expect(encodeNumber(1_048_575, column(1024))).toBe('1023');
    expect(encodeNumber(2 * MIB - 1, column(MIB))).toBe('1');
    expect(encodeNumber(12.345, column(1, 2))).toMatch(/^12\.3[45]$/);
  });

  test('written and read is itself', () => {
    const whole = fc.integer({ min: 0, max: Math.floor(Number.MAX_SAFE_INTEGER / MIB) });
    fc.assert(
      fc.property(whole, fc.constantFrom(1, 1024, MIB), (count, scale) => {
        expect(decodeNumber(encodeNumber(count * scale, column(scale)), scale)).toBe(count * scale);
      }),
    );
    fc.assert(
      fc.property(fc.nat(1_000_000_000), (hundredths) => {
        const seconds = hundredths / 100;
        expect(decodeNumber(encodeNumber(seconds, column(1, 2)), 1)).toBe(seconds);
      }),
    );
  });
});

describe('a cell', () => {
  test.each<[string | number | null, string]>([
    [null, ''],
    ['', ''],
    [0, '0'],
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
    ['"', '""""'],
    ['a,b"c', '"a,b""c"'],
    [' spaces ', ' spaces '],
    ['=1+1', '=1+1'],
    ['\\x0a', '\\x0a'],
  ])('%j is written %s', (value, cell) => {
    expect(encodeCell(value)).toBe(cell);
  });

  test('is read back by any reader of RFC 4180', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 2, maxLength: 6 }), (cells) => {
        const line = cells.map(encodeCell).join(',');
        expect(parse(`${line}\n`, { record_delimiter: '\n' })).toEqual([cells]);
      }),
    );
  });
});

interface Process {
  readonly pid: number;
  readonly rss: number;
  readonly swap: number;
  readonly cpu: number;
  readonly cmd: Uint8Array | null;
  readonly comm: Uint8Array;
}

function tableOf(processes: readonly Process[]): ProcessTable {
  const empty = emptyProcessTable(processes.length);
  return {
    count: processes.length,
    numbers: {
      ...empty.numbers,
      pid: Float64Array.from(processes, ({ pid }) => pid),
      ppid: Float64Array.from(processes, () => 1),
      start_ticks: Float64Array.from(processes, ({ pid }) => pid * 100),
      rss_bytes: Float64Array.from(processes, ({ rss }) => rss),
      vsz_bytes: Float64Array.from(processes, ({ rss }) => 2 * rss),
      swap_bytes: Float64Array.from(processes, ({ swap }) => swap),
      cpu_seconds: Float64Array.from(processes, ({ cpu }) => cpu),
    },
    texts: {
      ...empty.texts,
      user: processes.map(() => 'root'),
      comm: processes.map(({ comm }) => escapeBytes(comm)),
      cmd: processes.map(({ cmd }) => cmd && escapeBytes(cmd)),
    },
  };
}

const hostile = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc.constantFrom('a,b"c', '"', '\n', '\r\n"x', '\u2028', '\\', '=1+1').map((text) => Buffer.from(text)),
);
const processes = fc.uniqueArray(
  fc.record({
    pid: fc.integer({ min: 1, max: 4_194_304 }),
    rss: fc.nat(5).map((n) => n * MIB),
    swap: fc.oneof(
      fc.nat(1000).map((kib) => kib * 1024),
      fc.constant(Number.NaN),
    ),
    cpu: fc.nat(100_000).map((hundredths) => hundredths / 100),
    cmd: fc.option(hostile),
    comm: hostile,
  }),
  { selector: ({ pid }) => pid, maxLength: 12 },
);
const formats = fc.constantFrom<DumpFormat>('v2', 'seed');

describe('a process file', () => {
  test('is a header and one line a process', () => {
    const text = encodeProcessFile(
      tableOf([
        {
          pid: 7,
          rss: 1.5 * MIB,
          swap: Number.NaN,
          cpu: 1.25,
          cmd: Buffer.from('a "b", c\n'),
          comm: Buffer.from('a'),
        },
        { pid: 9, rss: 3 * MIB, swap: 0, cpu: 0, cmd: null, comm: Buffer.from('kthreadd') },
      ]),
      'v2',
    );
    expect(text.split('\n')).toEqual([
      'PID,PPID,USER,START_TICKS,STATE,THREADS,RSS_KB,VSZ_KB,HWM_KB,PSS_KB,SWAP_KB,CPU_S,CGROUP,COMM,CMD',
      '9,1,root,900,,,3072,6144,,,0,0.00,,kthreadd,',
      '7,1,root,700,,,1536,3072,,,,1.25,,a,"a ""b"", c\\x0a"',
      '',
    ]);
  });

  test("is the predecessor's in its format: whole MiB", () => {
    const one = {
      pid: 7,
      rss: 1.9 * MIB,
      swap: 0,
      cpu: 0,
      cmd: Buffer.from('/bin/x -y'),
      comm: Buffer.from('x'),
    };
    expect(encodeProcessFile(tableOf([one]), 'seed')).toBe(
      'PID,PPID,USER,RSS_MB,VSZ_MB,CMD\n7,1,root,1,3,/bin/x -y\n',
    );
  });

  test('of no process is its header', () => {
    expect(encodeProcessFile(emptyProcessTable(0), 'seed')).toBe('PID,PPID,USER,RSS_MB,VSZ_MB,CMD\n');
  });

  test('is one record one line, whatever processes call themselves', () => {
    fc.assert(
      fc.property(processes, formats, (all, format) => {
        const lines = encodeProcessFile(tableOf(all), format).split(/[\r\n\u0085\u2028\u2029\v\f]/);
        expect(lines).toHaveLength(all.length + 2);
        expect(lines.at(-1)).toBe('');
        expect(lines.join('')).not.toMatch(/\p{Cc}/u);
      }),
      { numRuns: 300 },
    );
  });

  test('tells a reader of CSV every byte of every command again', () => {
    fc.assert(
      fc.property(processes, (all) => {
        const text = encodeProcessFile(tableOf(all), 'v2');
        const rows: Record<string, string>[] = parse(text, { columns: true, record_delimiter: '\n' });
        const byPid = new Map(rows.map((cells) => [Number(cells.PID), cells]));
        expect(byPid.size).toBe(all.length);
        for (const { pid, cmd, comm, swap } of all) {
          const cells = byPid.get(pid);
          expect([...unescapeToBytes(cells?.CMD ?? '?')]).toEqual([...(cmd ?? [])]);
          expect([...unescapeToBytes(cells?.COMM ?? '?')]).toEqual([...comm]);
          expect(decodeNumber(cells?.SWAP_KB ?? '?', 1024)).toBe(swap);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('is sorted by RSS descending, ties by pid', () => {
    fc.assert(
      fc.property(processes, (all) => {
        const order = [...processFileOrder(tableOf(all))].map((at) => all[at]);
        expect(order).toEqual(all.toSorted((a, b) => b.rss - a.rss || a.pid - b.pid));
      }),
    );
  });
});

describe('an empty table', () => {
  test('has every column, all unknown', () => {
    const { count, numbers, texts } = emptyProcessTable(2);
    expect(count).toBe(2);
    expect(Object.keys(numbers)).toEqual(NUMBER_COLUMNS);
    expect(Object.keys(texts)).toEqual(TEXT_COLUMNS);
    for (const values of Object.values(numbers)) expect([...values]).toEqual([Number.NaN, Number.NaN]);
    for (const values of Object.values(texts)) expect(values).toEqual([null, null]);
  });

  test('shares no column with another', () => {
    const [one, other] = [emptyProcessTable(1), emptyProcessTable(1)];
    one.numbers.pid[0] = 7;
    expect(one.numbers.ppid[0]).toBeNaN();
    expect(other.numbers.pid[0]).toBeNaN();
  });
});

test('a system file is a header and one record, in the order of its cells', () => {
  const cells = new Map<string, string | number | null>([
    ['TIMESTAMP', '2026-01-15T12:00:00.000Z'],
    ['HOST', 'a,b'],
    ['MemTotal_KB', 16_384],
    ['LABEL', null],
  ]);
  expect(encodeSystemFile(cells)).toBe(
    'TIMESTAMP,HOST,MemTotal_KB,LABEL\n2026-01-15T12:00:00.000Z,"a,b",16384,\n',
  );
});
