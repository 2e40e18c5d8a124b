import { execFile } from 'node:child_process';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAllManifests } from '../../../../../server/adapters/history/manifests.ts';
import { formatDay } from '../../../../../server/domain/stamp.ts';
import { inParallel } from '../../../../collector/collector-process.ts';
import { bundleProgram } from '../../../../support/bundle-program.ts';
import { HISTORY_START, writeHistory } from '../../../../support/dump-builder.ts';
import { effort } from '../../../../support/effort.ts';
import { openSealedFolder } from '../../../../support/seal-folder.ts';
import { readSealed } from '../../../../support/sealed-index.ts';
import { tempFolder } from '../../../../support/temp-folder.ts';

const run = promisify(execFile);
const MOST_STEPS = 200;

let program: Awaited<ReturnType<typeof bundleProgram>>;
beforeAll(async () => {
  program = await bundleProgram('test/support/killed-sealer.ts');
});
afterAll(() => program.remove());

const processes = [{ pid: 1, rss_mb: 10, start: 1 }];

/** A day that is sealed, and then has another dump and one that gives nothing. */
async function makeTemplate(folder: string): Promise<void> {
  writeHistory(
    folder,
    [0, 60].map((t) => ({ t, processes })),
  );
  const sealed = await openSealedFolder(folder);
  await sealed.sealDay(formatDay(HISTORY_START));
  sealed.sealing.close();
  const [{ systemFile }] = writeHistory(folder, [{ t: 120, processes: null }]);
  writeFileSync(join(folder, systemFile), 'x\n');
  writeHistory(folder, [{ t: 180, processes }]);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** @returns how many samples the index holds; every segment in it can be read */
async function samplesOf(index: string): Promise<number> {
  const counts = (await readSealed(index)).map(({ manifest, holds }) => {
    expect(holds.system).toHaveLength(manifest.samples);
    expect(holds.rows).toHaveLength(manifest.rows);
    expect(holds.lives).toHaveLength(manifest.lives);
    return manifest.samples;
  });
  return counts.reduce((sum, samples) => sum + samples, 0);
}

async function sealAndDie(template: string, step: number): Promise<{ lived: boolean; samples: number }> {
  const folder = tempFolder();
  cpSync(template, folder, { recursive: true, preserveTimestamps: true });
  const died = await run(process.execPath, [program.path, folder, String(step)]).then(
    () => null,
    (error) => error.signal,
  );
  const sealed = await openSealedFolder(folder);
  const samples = await samplesOf(sealed.index);
  await sealed.sealing.sweep();
  expect(await samplesOf(sealed.index)).toBe(samples);
  const known = [...(await readAllManifests(sealed.index)).manifests.map(({ id }) => id), 'refused'];
  const left = filesIn(sealed.index).filter((path) => !known.some((name) => path.includes(name)));
  expect(left).toEqual([]);
  await sealed.sealDay(formatDay(HISTORY_START));
  expect(await samplesOf(sealed.index)).toBe(3);
  const [day] = await sealed.sealing.survey(await sealed.pairs());
  expect(day.unsealed).toHaveLength(0);
  sealed.sealing.close();
  expect([null, 'SIGKILL']).toContain(died);
  return { lived: died === null, samples };
}

test('a sealer that is killed before a step leaves the old segment or the whole set of new ones, and nothing that stays', {
  timeout: 300_000,
}, async () => {
  const template = tempFolder();
  await makeTemplate(template);
  const { stdout } = await run(process.execPath, [program.path, copyOf(template), String(MOST_STEPS)]);
  const steps = Number(stdout);
  expect(steps).toBeGreaterThan(30);
  const stride = effort(5, 1);
  const outcomes: number[] = [];
  await inParallel(Math.ceil(steps / stride), 2, async (at) => {
    const { lived, samples } = await sealAndDie(template, at * stride);
    expect(lived).toBe(false);
    outcomes[at] = samples;
  });
  const firstNew = outcomes.indexOf(3);
  expect(firstNew).toBeGreaterThan(0);
  expect(outcomes).toEqual(outcomes.map((_, step) => (step < firstNew ? 2 : 3)));
});

function copyOf(template: string): string {
  const folder = tempFolder();
  cpSync(template, folder, { recursive: true, preserveTimestamps: true });
  return folder;
}
