import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHistory } from '../../../server/adapters/history/history.ts';
import { readSealedRows } from '../../../server/adapters/history/sealed-dumps.ts';
import { openSealer } from '../../../server/adapters/sealing/open-sealer.ts';
import { openIngest } from '../../../server/application/ingest.ts';
import type { FilesRequest, FilesView } from '../../../server/application/view-files.ts';
import { viewFiles } from '../../../server/application/view-files.ts';
import { bundleProgram } from '../../support/bundle-program.ts';
import type { SampleLiteral } from '../../support/dump-builder.ts';
import { HISTORY_START, writeHistory } from '../../support/dump-builder.ts';
import { openFolder } from '../../support/seal-folder.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const HOUR_S = 3600;
const SAMPLES = 60;
/** Two days and a half after the first sample: most of it is sealed, the last hour is not. */
const NOW = HISTORY_START + (SAMPLES - 1) * HOUR_S * 1000 + 1;

let bundle: Awaited<ReturnType<typeof bundleProgram>>;
beforeAll(async () => {
  bundle = await bundleProgram('server/seal-worker.ts');
});
afterAll(() => bundle.remove());

function hourly(): SampleLiteral[] {
  return Array.from({ length: SAMPLES }, (_, at) => ({
    t: at * HOUR_S,
    interval: HOUR_S,
    processes: [
      { pid: 1, rss_mb: 10, start: 1 },
      { pid: 100 + at, ppid: 1, rss_mb: 3, start: 2 },
    ],
  }));
}

interface Damaged {
  readonly dumps: string;
  readonly lines: string;
  readonly refused: string;
  readonly alone: string;
  readonly inTail: string;
}

/** One with lines that are no rows, one without a header, one whose process file has gone, one in the tail. */
function writeDamaged(): Damaged {
  const dumps = tempFolder();
  const written = writeHistory(dumps, hourly());
  const nameOf = (at: number) => written[at].processFile ?? '';
  const lines = Array.from({ length: 30 }, (_, at) => `not,a,row,${at}\n`).join('');
  appendFileSync(join(dumps, nameOf(3)), lines);
  writeFileSync(join(dumps, nameOf(20)), 'PID,PPID\n1,0\n');
  writeFileSync(join(dumps, written[20].systemFile), 'nothing\n');
  rmSync(join(dumps, nameOf(30)));
  appendFileSync(join(dumps, nameOf(SAMPLES - 1)), 'torn');
  return {
    dumps,
    lines: nameOf(3),
    refused: nameOf(20),
    alone: written[30].systemFile,
    inTail: nameOf(SAMPLES - 1),
  };
}

async function withReader<T>(
  dumps: string,
  isSealing: boolean,
  use: (view: (request?: Partial<FilesRequest>) => Promise<FilesView>) => Promise<T>,
): Promise<T> {
  const index = join(dumps, '.index');
  const worker = pathToFileURL(bundle.path);
  const sealer = isSealing
    ? await openSealer({ dumps, timeZone: 'UTC', index, worker, name: () => 'a test' })
    : null;
  const history = await openHistory(isSealing ? { index } : {});
  const failures: unknown[] = [];
  const ingest = openIngest(
    { folder: openFolder(dumps), history, sealer },
    { onReject: () => undefined, onFailure: (error) => failures.push(error), now: () => NOW },
  );
  await ingest.idle();
  const sealedRows = async (date: string) => readSealedRows(index, date);
  try {
    return await use((request = {}) =>
      viewFiles(ingest.dumps, { folder: 'dumps', sealedRows }, { limit: 100, ...request }),
    );
  } finally {
    await ingest.close();
    await sealer?.close();
    await history.close();
    expect(failures).toEqual([]);
  }
}

const briefly = ({ dumps }: FilesView) => dumps.map(({ name, state }) => [name, state]);

describe('the dumps of a folder', () => {
  test('are told with their damage, the newest first, and after a restart just the same', async () => {
    const damaged = writeDamaged();
    const first = await withReader(damaged.dumps, true, (view) => view({ state: 'damaged' }));
    expect(briefly(first)).toEqual([
      [damaged.inTail, 'incomplete'],
      [damaged.alone, 'incomplete'],
      [damaged.refused, 'rejected'],
      [damaged.lines, 'incomplete'],
    ]);
    expect(first).toMatchObject({ folder: 'dumps', total: 4, shown: 4 });
    expect(await withReader(damaged.dumps, true, (view) => view({ state: 'damaged' }))).toEqual(first);
  });

  test('are told without an index as with one, but for what is sealed', async () => {
    const { dumps } = writeDamaged();
    const unsealed = (view: FilesView) => ({
      ...view,
      dumps: view.dumps.map((dump) => ({
        ...dump,
        sealed: false,
        state: dump.state === 'sealed' ? 'read' : dump.state,
      })),
    });
    const plain = await withReader(dumps, false, (view) => view());
    expect(plain.dumps).toHaveLength(SAMPLES);
    expect(plain.dumps.map(({ instant }) => instant)).toEqual(
      plain.dumps
        .map(({ instant }) => instant)
        .sort()
        .reverse(),
    );
    await withReader(dumps, true, async (view) => expect(unsealed(await view())).toEqual(plain));
    await withReader(dumps, true, async (view) => expect(unsealed(await view())).toEqual(plain));
  });

  test('have rows, and the first reasons of what was not one', async () => {
    const { dumps, lines, alone, refused, inTail } = writeDamaged();
    await withReader(dumps, true, async (view) => {
      const all = await view();
      const of = (name: string) => all.dumps.find((dump) => dump.name === name);
      expect(of(lines)).toMatchObject({ kind: 'pair', sealed: true, rows: 2, rejected_rows: 30 });
      expect(of(lines)?.reasons).toHaveLength(20);
      expect(of(lines)?.reasons[0]).toMatchObject({ file: lines, line: null });
      expect(of(lines)?.reasons[1]).toMatchObject({ file: lines, line: 4 });
      expect(of(alone)).toMatchObject({ kind: 'system', sealed: true, rows: null });
      expect(of(alone)?.reasons).toEqual([
        { file: alone, line: null, column: null, reason: 'its process file is missing' },
      ]);
      expect(of(refused)).toMatchObject({ sealed: false, rows: null });
      expect(of(inTail)).toMatchObject({ sealed: false, rows: 2 });
      const rest = all.dumps.filter(({ state }) => state === 'sealed' || state === 'read');
      expect(rest).toHaveLength(SAMPLES - 4);
      for (const dump of rest) expect(dump).toMatchObject({ rows: 2, rejected_rows: 0, reasons: [] });
      expect(all.rejected_rows).toBe(all.dumps.reduce((sum, dump) => sum + dump.rejected_rows, 0));
    });
  });

  test.for(['sealed', 'read', 'pending', 'incomplete', 'rejected', 'damaged', undefined] as const)(
    'are counted and cut when only %s is asked for',
    async (state) => {
      const { dumps } = writeDamaged();
      await withReader(dumps, true, async (view) => {
        const all = (await view()).dumps;
        const isDamaged = (dump: (typeof all)[number]) => dump.reasons.length > 0;
        const wanted = all.filter(
          (dump) => state === undefined || (state === 'damaged' ? isDamaged(dump) : dump.state === state),
        );
        expect(await view({ state })).toMatchObject({ total: wanted.length, dumps: wanted });
        const cut = await view({ state, limit: 2 });
        expect(cut).toMatchObject({ total: wanted.length, dumps: wanted.slice(0, 2) });
        expect(cut.shown).toBe(Math.min(2, wanted.length));
      });
    },
  );

  test('that are mended are whole when they are read again', async () => {
    const { dumps } = writeDamaged();
    const before = await withReader(dumps, true, (view) => view({ state: 'damaged' }));
    writeHistory(dumps, hourly());
    const after = await withReader(dumps, true, (view) => view({ state: 'damaged' }));
    expect([before.total, after.total]).toEqual([4, 0]);
    expect(after).toMatchObject({ rejected_files: 0, rejected_rows: 0 });
  });
});
