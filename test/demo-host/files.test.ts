import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { DumpFormat } from '../../server/domain/dump-format.ts';
import { processColumns, SEED_SYSTEM_COLUMNS, SYSTEM_HEAD_COLUMNS } from '../../server/domain/dump-format.ts';
import { parseDumpName } from '../../server/domain/dump-names.ts';
import { splitLine } from '../oracle/read-dumps.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { demoScenario } from './demo-scenario.ts';
import { options, processesOf, samplesOf } from './look-at.ts';
import { parseOptions, UsageError } from './options.ts';
import { simulateHost } from './simulate-host.ts';
import { writeSample } from './write-sample.ts';

describe('the demo host is the same every time', () => {
  test('the same flags give the same bytes', () => {
    const write = () => {
      const folder = tempFolder();
      for (const sample of simulateHost(demoScenario(options('--days 0.1 --processes 60'))))
        writeSample(folder, sample, 'v2');
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.csv'),
      );
      return files.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
    };
    expect(write()).toEqual(write());
  });

  test('another seed gives another host', () => {
    const rss = (flags: string) =>
      samplesOf(`--days 0.02 ${flags}`)
        .flatMap(processesOf)
        .map((one) => one.rss);
    expect(rss('--seed 2')).not.toEqual(rss('--seed 1'));
  });
});

describe('every file is a dump', () => {
  test.for<DumpFormat>(['v2', 'seed'])(
    '%s files parse, a record is a line, and the commit record holds',
    (format) => {
      const folder = tempFolder();
      const written = [...simulateHost(demoScenario(options('--days 0.1')))].map((sample) =>
        writeSample(folder, sample, format),
      );
      for (const { processFile, systemFile } of written) {
        expect([processFile, systemFile].every((name) => name && parseDumpName(basename(name)))).toBe(true);
        const body = readFileSync(join(folder, processFile ?? ''));
        const [header, ...records] = body.toString().trimEnd().split('\n').map(splitLine);
        expect(header).toEqual(processColumns(format).map(({ name }) => name));
        expect(records.every((record) => record.length === header.length)).toBe(true);
        const [names, cells, ...more] = readFileSync(join(folder, systemFile), 'utf8')
          .trimEnd()
          .split('\n')
          .map(splitLine);
        expect(more).toEqual([]);
        expect(cells).toHaveLength(names.length);
        if (format === 'seed') {
          expect(names).toEqual([...SEED_SYSTEM_COLUMNS]);
          continue;
        }
        expect(names.slice(0, SYSTEM_HEAD_COLUMNS.length)).toEqual([...SYSTEM_HEAD_COLUMNS]);
        expect(cells[names.indexOf('PROC_ROWS')]).toBe(String(records.length));
        expect(cells[names.indexOf('PROC_CRC32')]).toBe(crc32(body).toString(16).padStart(8, '0'));
      }
    },
  );
});

describe('the command line', () => {
  test.for([
    '',
    '--out x --days 0',
    '--out x --interval soon',
    '--out x --format v3',
    '--out x --end never',
    '--no',
  ])('"%s" is refused', (flags) => {
    expect(() => parseOptions(flags.split(' ').filter(Boolean))).toThrow(UsageError);
  });

  test('--help needs nothing else', () => {
    expect(parseOptions(['--help'])).toBeNull();
  });
});
