import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RecordingFacts } from '../../collector/encode-dump.ts';
import { encodeSeedSystem, encodeV2System, openProcessEncoder } from '../../collector/encode-dump.ts';
import type { ProcessRecord } from '../../collector/record-layout.ts';
import { buildRecordLayout, byRssDescending, emptyRecord, slotOf } from '../../collector/record-layout.ts';
import { tableOf } from '../../collector/take-sample.ts';
import {
  encodeProcessFile,
  SEED_SYSTEM_COLUMNS,
  SYSTEM_HEAD_COLUMNS,
  SYSTEM_TAIL_COLUMNS,
} from '../../server/domain/dump-format.ts';
import { STORED_PROCESS_METRICS } from '../../server/domain/metrics.ts';
import { escapeBytes } from '../../server/domain/text-notation.ts';

const layout = buildRecordLayout();

function recordOf(
  pid: number,
  figures: Readonly<Record<string, number>>,
  texts: Readonly<Record<string, string>>,
): ProcessRecord {
  const record = emptyRecord(layout, pid);
  for (const [id, value] of Object.entries({ pid, ...figures }))
    record.numbers[slotOf(layout.numberSlots, id)] = value;
  for (const [id, text] of Object.entries(texts)) record.texts[slotOf(layout.textSlots, id)] = text;
  record.rss = figures.rss_bytes ?? 0;
  return record;
}

const anyText = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => escapeBytes(bytes)),
  fc.constantFrom('', 'a,b"c', '"', ',', '=1+1', ' x ', '__proto__', '\\\\', 'größe'),
);

const anyRecord = fc
  .tuple(
    fc.nat(),
    fc.nat(),
    fc.nat(),
    fc.double({ min: 0, max: 1e6, noNaN: true }),
    anyText,
    anyText,
    anyText,
  )
  .map(([pid, rss, ppid, cpu, cmd, comm, cgroup]) =>
    recordOf(
      pid,
      { ppid, rss_bytes: rss * 4096, cpu_seconds: cpu },
      { cmd, comm, cgroup, user: 'ann', state: 'S' },
    ),
  );

const facts: RecordingFacts = {
  t: Date.UTC(2026, 10, 21, 12, 0, 0, 250),
  intervalSeconds: 10,
  overrunSeconds: 0,
  label: 'two\nlines, "quoted"',
  recorderPid: 77,
  recorderVersion: '1.2.3',
  commandMode: 'full',
};

function sampleOf(records: readonly ProcessRecord[], figures: readonly (readonly [string, string])[] = []) {
  return {
    system: {
      t: facts.t,
      host: 'h',
      bootId: 'b',
      uptimeSeconds: 100.5,
      clockTicks: 100,
      figures: new Map(figures),
    },
    processes: { records, vanished: 2, unreadable: 1 },
  };
}

function cellsOf(file: Buffer): Map<string, string> {
  const [names, values, rest] = file.toString().split('\n');
  expect(rest).toBe('');
  return new Map(names.split(',').map((name, k) => [name, values.split(',')[k]]));
}

describe('a process file of ours', () => {
  test('has the header of the contract', () => {
    expect(openProcessEncoder('v2', layout).encode([]).toString()).toBe(
      'PID,PPID,USER,START_TICKS,STATE,THREADS,RSS_KB,VSZ_KB,HWM_KB,PSS_KB,SWAP_KB,CPU_S,CGROUP,COMM,CMD\n',
    );
  });

  test('is byte for byte what the domain writes of the same table, whatever processes call themselves', () => {
    const encoder = openProcessEncoder('v2', layout);
    const anyRecords = fc.uniqueArray(anyRecord, { selector: ({ pid }) => pid, maxLength: 8 });
    fc.assert(
      fc.property(anyRecords, (records) => {
        records.sort(byRssDescending);
        const file = encoder.encode(records).toString();
        const table = tableOf({ records, vanished: 0, unreadable: 0 }, layout);
        expect(file).toBe(encodeProcessFile(table, 'v2'));
        expect(file.split('\n')).toHaveLength(records.length + 2);
      }),
      { numRuns: 500 },
    );
  });

  test('leaves empty what is not known, and never writes it as 0', () => {
    const line = openProcessEncoder('v2', layout)
      .encode([recordOf(5, {}, {})])
      .toString()
      .split('\n')[1];
    expect(line).toBe('5,,,,,,,,,,,,,,');
  });

  test('encodes the last cells again when a text has changed', () => {
    const encoder = openProcessEncoder('v2', layout);
    const record = recordOf(5, {}, { cmd: 'before' });
    encoder.encode([record]);
    record.texts[slotOf(layout.textSlots, 'cmd')] = 'a,b';
    record.isChanged = true;
    expect(encoder.encode([record]).toString()).toMatch(/,"a,b"\n$/);
  });

  test('has a column more for a metric more in the catalogue', () => {
    const stored = { column: 'LIB_KB', scale: 1024, decimals: 0, required: false } as const;
    const metric = {
      id: 'lib_bytes',
      label: 'Lib',
      unit: 'bytes',
      addable: false,
      nullable: true,
      help: '',
      stored: { ...stored, source: { file: 'status', key: 'VmLib' } },
    } as const;
    const wider = buildRecordLayout([...STORED_PROCESS_METRICS, metric]);
    const record = emptyRecord(wider, 5);
    record.numbers[slotOf(wider.numberSlots, 'lib_bytes')] = 8192;
    record.texts[slotOf(wider.textSlots, 'cmd')] = 'x';
    const lines = openProcessEncoder('v2', wider).encode([record]).toString().split('\n');
    expect(lines[0]).toMatch(/,CMD,LIB_KB$/);
    expect(lines[1]).toMatch(/,x,8$/);
  });
});

describe('a system file of ours', () => {
  test('commits the pair: rows and CRC-32 of the process file', () => {
    const records = [recordOf(1, {}, {}), recordOf(2, {}, {})];
    const processFile = openProcessEncoder('v2', layout).encode(records);
    const cells = cellsOf(encodeV2System(sampleOf(records), processFile, { ...facts, label: null }));
    expect(cells.get('PROC_ROWS')).toBe('2');
    expect(cells.get('PROC_CRC32')).toBe(crc32(processFile).toString(16).padStart(8, '0'));
    expect(cells.get('PROC_CRC32')).toMatch(/^[0-9a-f]{8}$/);
  });

  test('has the head, then the kernel’s figures, then the tail', () => {
    const figures = [['MemTotal_KB', '100']] as const;
    const cells = cellsOf(encodeV2System(sampleOf([], figures), Buffer.from(''), { ...facts, label: null }));
    expect([...cells.keys()]).toEqual([...SYSTEM_HEAD_COLUMNS, 'MemTotal_KB', ...SYSTEM_TAIL_COLUMNS]);
    expect(Object.fromEntries(cells)).toEqual({
      TIMESTAMP: '2026-11-21T12:00:00.250Z',
      HOST: 'h',
      BOOT_ID: 'b',
      BOOT_TIME: '2026-11-21T11:58:19.750Z',
      UPTIME_S: '100.50',
      CLK_TCK: '100',
      INTERVAL_S: '10',
      PROC_ROWS: '0',
      PROC_CRC32: '00000000',
      MemTotal_KB: '100',
      RECORDER_PID: '77',
      RECORDER_VERSION: '1.2.3',
      CMD_MODE: 'full',
      VANISHED: '2',
      UNREADABLE: '1',
      OVERRUN_S: '0',
      LABEL: '',
    });
  });

  test('is two lines, whatever the label', () => {
    const text = encodeV2System(sampleOf([]), Buffer.from(''), facts).toString();
    expect(text.split('\n')).toHaveLength(3);
    expect(text).toMatch(/,"two\\x0alines, ""quoted"""\n$/);
  });
});

describe('the predecessor’s format', () => {
  test('has its six columns, whole MiB, and names in brackets where there is no command', () => {
    const mib = 1024 * 1024;
    const records = [
      recordOf(
        5,
        { ppid: 1, rss_bytes: 3.9 * mib, vsz_bytes: 100 * mib },
        { user: 'ann', cmd: 'a,b', comm: 'a' },
      ),
      recordOf(2, { ppid: 0, rss_bytes: 0, vsz_bytes: 0 }, { user: 'root', cmd: '', comm: 'kthreadd' }),
    ];
    expect(openProcessEncoder('seed', layout).encode(records).toString()).toBe(
      'PID,PPID,USER,RSS_MB,VSZ_MB,CMD\n5,1,ann,3,100,"a,b"\n2,0,root,0,0,[kthreadd]\n',
    );
  });

  test('has its 19 system columns; sizes are whole MiB, counts are not, and what is missing is empty', () => {
    const figures = [
      ['MemTotal_KB', '2047'],
      ['Active(anon)_KB', '1024'],
      ['HugePages_Total', '3'],
    ] as const;
    const cells = cellsOf(encodeSeedSystem(sampleOf([], figures)));
    expect([...cells.keys()]).toEqual([...SEED_SYSTEM_COLUMNS]);
    expect(
      ['MemTotal_MB', 'Active(anon)_MB', 'HugePages_Total', 'HugePages_Free'].map((name) => cells.get(name)),
    ).toEqual(['1', '1', '3', '']);
  });
});
