import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_CAPS } from '../../../../server/adapters/dumps/caps.ts';
import type { DecodedProcesses } from '../../../../server/adapters/dumps/decode-process.ts';
import { openLayoutCache } from '../../../../server/adapters/dumps/layout-cache.ts';
import { encodeCell, encodeProcessFile, processFileOrder } from '../../../../server/domain/dump-format.ts';
import { escapeText } from '../../../../server/domain/text-notation.ts';
import { describeRow } from './describe-folder.ts';
import { decode, exampleDump, notation, processTable, rowsOf, similarTable } from './process-files.ts';

const formats = ['v2', 'seed'] as const;

describe('decoding what a recorder wrote', () => {
  test('gives the table that was encoded', () => {
    fc.assert(
      fc.property(processTable, (table) => {
        const decoded = decode(encodeProcessFile(table, 'v2'));
        const expected = [...processFileOrder(table)].map((row) => describeRow(table, row));
        expect(rowsOf(decoded)).toEqual(expected);
        expect(decoded.rejects).toEqual([]);
      }),
    );
  });

  test.each(formats)('is the same by bytes and by csv-parse (%s)', (format) => {
    const layouts = openLayoutCache(DEFAULT_CAPS);
    fc.assert(
      fc.property(processTable, (table) => {
        const file = encodeProcessFile(table, format);
        const fast = decode(file, { format, layouts });
        expectAlike(fast, decode(file, { format, tolerantOnly: true }));
        expect(fast.lines).toEqual({ accepted: table.count, rejected: 0, blank: 0 });
      }),
    );
  });

  test.each(formats)('is the same where processes show some of what they showed before (%s)', (format) => {
    fc.assert(
      fc.property(fc.array(similarTable, { minLength: 2, maxLength: 8 }), (tables) => {
        const layouts = openLayoutCache(DEFAULT_CAPS);
        for (const table of tables) {
          const file = encodeProcessFile(table, format);
          expectAlike(decode(file, { format, layouts }), decode(file, { format, tolerantOnly: true }));
        }
      }),
    );
  });

  test('is the same in whatever pieces the bytes come', () => {
    const file = exampleDump(4096);
    const whole = decode(file);
    for (const pieces of [1, 2, 7, 100, 1000, 4095]) expectAlike(decode(file, { pieces }), whole);
  });

  test('takes a text of the seed format for what it is', () => {
    const texts = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => !/[\n\0]/.test(text) && !text.endsWith('\r'));
    fc.assert(
      fc.property(texts, (cmd) => {
        const { table } = decode(`PID,PPID,USER,RSS_MB,VSZ_MB,CMD\n7,1,ann,3,4,${encodeCell(cmd)}\n`, {
          format: 'seed',
        });
        expect(table?.texts.cmd).toEqual([escapeText(cmd)]);
        expect(table?.numbers.rss_bytes[0]).toBe(3 * 1024 * 1024);
      }),
    );
  });

  test('goes by the header where the name tells another format', () => {
    const { format, table } = decode('PID,PPID,USER,RSS_MB,VSZ_MB,CMD\n7,1,ann,3,4,/bin/a\n', {
      format: 'v2',
    });
    expect(format).toBe('seed');
    expect(table?.numbers.rss_bytes[0]).toBe(3 * 1024 * 1024);
  });

  test.each([
    '0.00',
    '0.1',
    '12.34',
    '00012.5',
    '.5',
    '5.',
    '1.2.3',
    '-0.5',
    '0.123456789',
    '0.1234567890',
    '12345678901234.5',
    '123456789012345.6',
    '9007199254740991',
    '9007199254740992',
    '1e3',
    '0.30000000000000004',
  ])('reads the number %s alike by bytes and by csv-parse', (cell) => {
    const file = `PID,PPID,USER,START_TICKS,RSS_KB,VSZ_KB,CPU_S,CMD\n7,1,ann,${cell},4,8,${cell},/bin/a\n8,1,ann,5,4,8,${cell},/bin/a\n`;
    expectAlike(decode(file), decode(file, { tolerantOnly: true }));
  });

  test('finds the columns by name in any order, between others', () => {
    const permuted = fc.tuple(processTable, fc.infiniteStream(fc.nat()), notation);
    fc.assert(
      fc.property(permuted, ([table, keys, extra]) => {
        const lines = decodeCells(encodeProcessFile(table, 'v2'));
        const order = shuffled([...lines[0].keys(), -1], keys);
        const cellAt = (cells: readonly string[], column: number, fill: string | null) =>
          encodeCell(column < 0 ? fill : cells[column]);
        const file = lines
          .map((cells, line) =>
            order.map((column) => cellAt(cells, column, line === 0 ? 'LATER' : extra)).join(','),
          )
          .join('\n');
        expect(rowsOf(decode(`${file}\n`))).toEqual(rowsOf(decode(encodeProcessFile(table, 'v2'))));
      }),
    );
  });
});

interface Style {
  readonly keys: fc.Stream<number>;
  readonly quotes: fc.Stream<number>;
  readonly ends: fc.Stream<number>;
  readonly mark: boolean;
  /** Such lines are decoded by bytes, as far as they are plain. */
  readonly pidFirst: boolean;
}

/** The same cells in another order, with one more column, some quoted without need, some lines ended by CRLF. */
function writeOtherwise(lines: readonly string[][], { keys, quotes, ends, mark, pidFirst }: Style): string {
  const [pid, ...others] = [...lines[0].keys(), -1];
  const order = pidFirst ? [pid, ...shuffled(others, keys)] : shuffled([pid, ...others], keys);
  const quote = (cell: string) =>
    quotes.next().value === 0 ? `"${cell.replaceAll('"', '""')}"` : encodeCell(cell);
  const text = lines.map((cells, line) => {
    const inOrder = order.map((column) => cells[column] ?? `X${line}`);
    return inOrder.map(quote).join(',') + (ends.next().value === 0 ? '\r\n' : '\n');
  });
  return (mark ? '\ufeff' : '') + text.join('');
}

describe('a valid file of another writer', () => {
  const some = fc.infiniteStream(fc.nat({ max: 3 }));
  const style = fc.record({
    keys: fc.infiniteStream(fc.nat()),
    quotes: some,
    ends: some,
    mark: fc.boolean(),
    pidFirst: fc.boolean(),
  });

  test.each(formats)('is read alike by bytes and by csv-parse, and as what it says (%s)', (format) => {
    const layouts = openLayoutCache(DEFAULT_CAPS);
    fc.assert(
      fc.property(processTable, style, (table, otherwise) => {
        const ours = encodeProcessFile(table, format);
        const file = writeOtherwise(decodeCells(ours), otherwise);
        const fast = decode(file, { format, layouts });
        expectAlike(fast, decode(file, { format, tolerantOnly: true }));
        expect(rowsOf(fast)).toEqual(rowsOf(decode(ours, { format })));
        expect(fast.rejects).toEqual([]);
      }),
    );
  });
});

/** A file without raw newlines → its cells. */
function decodeCells(file: string): string[][] {
  const cell = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g;
  return file
    .slice(0, -1)
    .split('\n')
    .map((line) =>
      [...`,${line}`.slice(1).matchAll(cell)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain,
      ),
    );
}

function shuffled<Item>(items: readonly Item[], keys: fc.Stream<number>): Item[] {
  const keyed = items.map((item) => ({ item, key: keys.next().value ?? 0 }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

function lineTotal({ lines: { accepted, rejected, blank } }: DecodedProcesses): number {
  return accepted + rejected + blank;
}

describe('decoding a damaged file', () => {
  const file = exampleDump(16 * 1024);
  const intact = rowsOf(decode(file));

  test('cut in its header is refused, and no rows are made up', () => {
    for (let size = 0; size < file.indexOf(',CMD') + 3; size++) {
      const decoded = decode(file.subarray(0, size));
      expect(decoded.table).toBeNull();
      expect(decoded.rejects).toHaveLength(1);
    }
  });

  test('in one line costs only that line', () => {
    const damages = fc.constantFrom('"', ',', '\r', '\0', 'x"y', '"",', '\x1b', '\xff', '"a"b');
    const lines = file.toString('latin1').trimEnd().split('\n');
    const where = fc.tuple(fc.integer({ min: 1, max: lines.length - 1 }), fc.nat(60), damages);
    fc.assert(
      fc.property(where, ([line, column, damage]) => {
        const struck = lines[line].slice(0, column) + damage + lines[line].slice(column);
        const damaged = decode(Buffer.from(`${lines.with(line, struck).join('\n')}\n`, 'latin1'));
        const others = intact.filter((row) => !row.startsWith(`pid=${line} `));
        const left = rowsOf(damaged).filter((row) => others.includes(row));
        expect(left).toEqual(others);
        expect(lineTotal(damaged)).toBe(lines.length - 1);
        for (const reject of damaged.rejects) expect(reject.line).toBe(line + 1);
      }),
      { numRuns: 300 },
    );
  });
});

function expectAlike(one: DecodedProcesses, other: DecodedProcesses): void {
  expect({ ...one, table: rowsOf(one) }).toEqual({ ...other, table: rowsOf(other) });
}

describe('the rejects of one file', () => {
  test('are told one by one up to the cap, and counted beyond', () => {
    const bad = `${exampleDump(0).toString()}${'x\n'.repeat(5000)}`;
    const decoded = decode(bad);
    expect(decoded.lines.rejected).toBe(5000);
    expect(decoded.rejects).toHaveLength(DEFAULT_CAPS.rejects + 1);
    expect(decoded.rejects.at(-1)?.reason).toBe('4000 more lines were rejected');
  });

  test('come quickly even where a file holds nothing else', () => {
    const started = performance.now();
    const { lines } = decode(`${exampleDump(0).toString()}${'x"\n'.repeat(350_000)}`);
    expect(lines.rejected).toBe(350_000);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
