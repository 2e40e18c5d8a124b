import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readManifests } from '../../../../server/adapters/history/manifests.ts';
import { openSealer } from '../../../../server/adapters/sealing/open-sealer.ts';
import type { Sealer } from '../../../../server/application/sealing-ports.ts';
import { formatDay } from '../../../../server/domain/stamp.ts';
import { bundleProgram } from '../../../support/bundle-program.ts';
import type { SampleLiteral } from '../../../support/dump-builder.ts';
import { HISTORY_START, writeHistory } from '../../../support/dump-builder.ts';
import { placeSamples } from '../../../support/place-samples.ts';
import { openFolder, openSealedFolder } from '../../../support/seal-folder.ts';
import { expectSealed, readSealed } from '../../../support/sealed-index.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const TODAY = formatDay(HISTORY_START);
const DAY_S = 86_400;

let bundle: Awaited<ReturnType<typeof bundleProgram>>;
let holder: Awaited<ReturnType<typeof bundleProgram>>;
beforeAll(async () => {
  bundle = await bundleProgram('server/seal-worker.ts');
  holder = await bundleProgram('test/support/lock-holder.ts');
});
afterAll(() => {
  bundle.remove();
  holder.remove();
});

const sealers: Sealer[] = [];
afterEach(async () => {
  for (const sealer of sealers.splice(0)) await sealer.close();
});

async function open(dumps: string, index = join(dumps, '.index')): Promise<Sealer> {
  const worker = pathToFileURL(bundle.path);
  const sealer = await openSealer({ dumps, timeZone: 'UTC', index, worker, name: () => 'pmi serve' });
  sealers.push(sealer);
  return sealer;
}

function history(days: number, perDay: number): SampleLiteral[] {
  return Array.from({ length: days * perDay }, (_, at) => ({
    t: Math.floor(at / perDay) * DAY_S + (at % perDay) * 60,
    processes: [
      { pid: 1, rss_mb: 10 + (at % 7), start: 1 },
      { pid: 100 + at, ppid: 1, rss_mb: 3, start: 2 },
    ],
  }));
}

async function pairsOf(dumps: string) {
  return (await openFolder(dumps).list()).pairs;
}

async function sealAll(sealer: Sealer, dumps: string) {
  const days = await sealer.survey(await pairsOf(dumps));
  return Promise.all(days.map(({ date, pairs }) => sealer.seal({ date, pairs, isWholeDay: true })));
}

describe('the sealer', () => {
  test('seals days in threads, tells how far it is, and then has nothing to do', async () => {
    const dumps = tempFolder();
    writeHistory(dumps, history(3, 70));
    const sealer = await open(dumps);
    expect(sealer.holder).toBeNull();
    const days = await sealer.survey(await pairsOf(dumps));
    expect(
      days.map(({ date, pairs, unsealed, isWhole }) => [date, pairs.length, unsealed.length, isWhole]),
    ).toEqual([2, 1, 0].map((day) => [formatDay(HISTORY_START + day * DAY_S * 1000), 70, 70, true]));
    const progress: number[][] = [];
    const results = await Promise.all(
      days.map(({ date, pairs }, at) =>
        sealer.seal(
          { date, pairs, isWholeDay: true },
          { onProgress: (done, rows) => at === 0 && progress.push([done, rows]) },
        ),
      ),
    );
    expect(results).toEqual([1, 2, 3].map(() => ({ samples: 70, rows: 140, rejects: [], damaged: [] })));
    expect(progress).toEqual([
      [60, 120],
      [70, 140],
    ]);
    const again = await sealer.survey(await pairsOf(dumps));
    expect(again.map(({ unsealed }) => unsealed.length)).toEqual([0, 0, 0]);
  });

  test('takes rejects out of threads', async () => {
    const dumps = tempFolder();
    const [{ systemFile }] = writeHistory(dumps, history(1, 2));
    writeFileSync(join(dumps, systemFile), 'x\n');
    const sealer = await open(dumps);
    const [{ rejects }] = await sealAll(sealer, dumps);
    expect(rejects).toContainEqual(
      expect.objectContaining({ file: systemFile, reason: 'has no column of a system dump' }),
    );
  });

  test('tells lives of the predecessor apart across days, whichever was sealed first', async () => {
    const dumps = tempFolder();
    const start = DAY_S / 2 - 30 * 60;
    const samples = Array.from({ length: 3 * 60 }, (_, at) => ({
      t: start + at * 60 + Math.floor(at / 60) * (DAY_S - 3600),
      processes: [{ pid: 1 }, { pid: 2, ppid: 1, cmd: at % 50 < 25 ? 'a x' : 'b x' }],
    }));
    writeHistory(dumps, samples, { format: 'seed' });
    await sealAll(await open(dumps), dumps);
    const folder = await openSealedFolder(dumps);
    const placed = placeSamples((await folder.samples()).get('unknown') ?? []);
    folder.sealing.close();
    const segments = await readSealed(folder.index);
    expect(segments.length).toBeGreaterThan(2);
    for (const { manifest, holds } of segments)
      expect(holds).toEqual(
        expectSealed(
          placed.filter(
            ({
              sample: {
                system: { t },
              },
            }) => t >= manifest.from && t <= manifest.to,
          ),
        ),
      );
  });

  test('ends with the signal, and leaves nothing', async () => {
    const dumps = tempFolder();
    writeHistory(dumps, history(1, 200));
    const sealer = await open(dumps);
    const [{ date, pairs }] = await sealer.survey(await pairsOf(dumps));
    const controller = new AbortController();
    const reason = new Error('enough');
    const sealing = sealer.seal(
      { date, pairs, isWholeDay: true },
      { signal: controller.signal, onProgress: () => controller.abort(reason) },
    );
    await expect(sealing).rejects.toBe(reason);
    expect(await readManifests(join(dumps, '.index'))).toEqual({ manifests: [], rejects: [] });
    expect(existsSync(join(dumps, '.index/processes'))).toBe(false);
    await expect(
      sealer.seal({ date, pairs, isWholeDay: true }, { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
    expect(await sealer.seal({ date, pairs, isWholeDay: true })).toMatchObject({ samples: 200 });
  });

  test('ends what runs when it is closed', async () => {
    const dumps = tempFolder();
    writeHistory(dumps, history(1, 300));
    const sealer = await open(dumps);
    const [{ date, pairs }] = await sealer.survey(await pairsOf(dumps));
    let closing: Promise<void> | undefined;
    const onProgress = () => {
      closing ??= sealer.close();
    };
    await expect(sealer.seal({ date, pairs, isWholeDay: true }, { onProgress })).rejects.toThrow('closed');
    await closing;
    expect(existsSync(join(dumps, '.index/processes'))).toBe(false);
    expect((await open(dumps)).holder).toBeNull();
  });

  test('says which folder it cannot write, and why', async () => {
    const dumps = tempFolder();
    writeHistory(dumps, history(1, 2));
    writeFileSync(join(dumps, 'file'), '');
    await expect(open(dumps, join(dumps, 'file', 'index'))).rejects.toMatchObject({ code: 'cannot_write' });
    const sealer = await open(dumps);
    writeFileSync(join(dumps, '.index/processes'), 'in the way');
    await expect(sealAll(sealer, dumps)).rejects.toMatchObject({
      code: 'cannot_write',
      message: expect.stringContaining(`${dumps}/.index`),
    });
  });

  test('keeps its files from others, and the dump folder from noticing', async () => {
    const dumps = tempFolder();
    writeHistory(dumps, history(1, 2));
    const folder = openFolder(dumps);
    await folder.list();
    await sealAll(await open(dumps), dumps);
    expect(await folder.list()).toEqual({ pairs: [], rejects: [] });
    expect((await openFolder(dumps).list()).pairs).toHaveLength(2);
    const index = join(dumps, '.index');
    for (const entry of readdirSync(index, { recursive: true, withFileTypes: true })) {
      const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777;
      if (entry.isFile()) expect(mode).toBe(0o640);
      if (entry.isDirectory()) expect(mode).toBe(0o750);
    }
  });
});

describe('the lock', () => {
  test('lets one process seal; another reads, and knows who', async () => {
    const dumps = tempFolder();
    writeHistory(dumps, history(1, 2));
    await open(dumps);
    const second = await open(dumps);
    expect(second.holder).toBe(`pmi serve (pid ${process.pid})`);
    const [day] = await second.survey(await pairsOf(dumps));
    expect(day.unsealed).toHaveLength(2);
    await expect(second.seal({ date: TODAY, pairs: day.pairs, isWholeDay: true })).rejects.toMatchObject({
      code: 'cannot_write',
    });
    await second.close();
    expect((await open(dumps)).holder).not.toBeNull();
  });

  test('is free when its holder closes, or is killed', async () => {
    const dumps = tempFolder();
    mkdirSync(join(dumps, 'x'.repeat(200)));
    const index = join(dumps, 'x'.repeat(200), 'index');
    const child = spawn(process.execPath, [holder.path, index], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    expect((await open(dumps, index)).holder).toBe(`pmi up (pid ${child.pid})`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const first = await open(dumps, index);
    expect(first.holder).toBeNull();
    await first.close();
    expect((await open(dumps, index)).holder).toBeNull();
  });

  test('goes to one of many that want it at once', async () => {
    const dumps = tempFolder();
    const many = await Promise.all(Array.from({ length: 12 }, () => open(dumps)));
    expect(many.filter(({ holder: other }) => other === null)).toHaveLength(1);
  });
});
