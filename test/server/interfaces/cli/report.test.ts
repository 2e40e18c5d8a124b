import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeHistory } from '../../../support/dump-builder.ts';
import type { Pixels } from '../../../support/read-png.ts';
import { readPng } from '../../../support/read-png.ts';
import { sharedTempFolder, tempFolder } from '../../../support/temp-folder.ts';
import { NEWEST, SMALL_RECORDING } from '../http/small-recording.ts';
import { runPmi } from './run-pmi.ts';

const dumps = sharedTempFolder();
beforeAll(() => {
  writeHistory(dumps, SMALL_RECORDING);
});

const report = (...args: readonly string[]) => runPmi(['report', '--dumps', dumps, '--tz', 'UTC', ...args]);

describe('pmi report', () => {
  test('writes a document, for its owner and group alone, and nothing beside it', async () => {
    const folder = tempFolder();
    const file = join(folder, 'now.html');
    const { code, out, err } = await report('--out', file);
    expect([code, out, err]).toEqual([0, '', `pmi: test-1 at ${NEWEST} in ${file}\n`]);
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/^<!doctype html>[\s\S]*<h1>Memory of test-1<\/h1>[\s\S]*<\/html>\n$/);
    expect(text).toContain('/usr/bin/web --all');
    expect(readdirSync(folder)).toEqual(['now.html']);
    expect(statSync(file).mode & 0o007).toBe(0);
  });

  test('is of a moment, a range and a process, where they are given', async () => {
    const file = join(tempFolder(), 'web.html');
    const range = ['--from', '20260115_120000Z', '--to', '20260115_120100Z', '--at', '-2m'];
    expect(await report('--out', file, '--pid', '20', ...range)).toMatchObject({ code: 0 });
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('<title>PID 20 /usr/bin/web --all, 2026-01-15 12:00:00</title>');
    expect(text).toContain('2026-01-15 12:00:00 to 2026-01-15 12:01:00');
    expect(text).not.toContain('/sbin/init');
  });

  test.each([
    ['groups', ['--group', 'user'], '<h2>Processes by user</h2>'],
    ['a picture of the tree', ['--view', 'treemap'], '<h2>Treemap</h2>'],
    ['one level of the tree', ['--level', '1'], 'Level 1: '],
  ])('is of %s, where that is asked for', async (_, args, expected) => {
    const file = join(tempFolder(), 'form.html');
    expect(await report('--out', file, ...args)).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toContain(expected);
  });

  test.each([
    ['groups', ['--group', 'cmd'], /worker<.*≤ 70.0 MiB.*<td>−31.0 MiB<.*-bash<.*<td>new</s],
    ['a tree', [], /--all<.*<td>−11.0 MiB<.*-bash<.*<td>new</s],
  ])('as %s tells the change since an instant', async (_, args, expected) => {
    const file = join(tempFolder(), 'changed.html');
    expect(await report('--out', file, '--base', '-2m', ...args)).toMatchObject({ code: 0 });
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('Since 2026-01-15 12:00:00: used memory 0 B, no process of then is gone.');
    expect(text).toMatch(expected);
  });

  test('is its main chart as a picture, too, or that alone', async () => {
    const folder = tempFolder();
    const [page, both, alone] = ['now.html', 'now.svg', 'web.svg'].map((name) => join(folder, name));
    const { code, err } = await report('--out', page, '--svg', both);
    expect([code, err]).toEqual([
      0,
      `pmi: test-1 at ${NEWEST} in ${page}\npmi: test-1 at ${NEWEST} in ${both}\n`,
    ]);
    expect(await report('--svg', alone, '--pid', '20')).toMatchObject({ code: 0 });
    expect(readFileSync(both, 'utf8')).toMatch(/^<svg [\s\S]*\.c1\{color:#0072b2\}[\s\S]*<\/svg>\n$/);
    expect(readFileSync(alone, 'utf8')).toContain('PID 20 /usr/bin/web --all: RSS of the process');
    expect(readdirSync(folder).sort()).toEqual(['now.html', 'now.svg', 'web.svg']);
    expect((await report('--out', join(folder, 'new.html'), '--svg', both)).err).toContain(
      'now.svg is there already',
    );
    expect(readdirSync(folder)).not.toContain('new.html');
  });

  /** Share of the pixels of a rectangle, in the picture's own units, that are not of this colour. */
  function inkIn({ at }: Pixels, ground: string, [x, y, width, height]: readonly number[]): number {
    let ink = 0;
    for (let down = 2 * y; down < 2 * (y + height); down++)
      for (let across = 2 * x; across < 2 * (x + width); across++) if (at(across, down) !== ground) ink++;
    return ink / (4 * width * height);
  }

  test.each([
    ['light', [], '#fbfbfa'],
    ['dark', ['--dark'], '#121519'],
  ])(
    'is its main chart as PNG, %s, twice as large as the SVG, with letters and lines',
    async (_, more, ground) => {
      const folder = tempFolder();
      const [png, svg] = ['now.png', 'now.svg'].map((name) => join(folder, name));
      expect(await report('--png', png, '--svg', svg, ...more)).toMatchObject({ code: 0 });
      const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(readFileSync(svg, 'utf8')) ?? [];
      const picture = readPng(readFileSync(png));
      expect([picture.width, picture.height]).toEqual([2 * Number(width), 2 * Number(height)]);
      expect(picture.at(0, 0)).toBe(ground);
      const ink = (...box: number[]) => inkIn(picture, ground, box);
      // Its heading, of letters and not of boxes: some of it is ground; beside it there is nothing.
      expect(ink(16, 14, 200, 18)).toBeGreaterThan(0.1);
      expect(ink(16, 14, 200, 18)).toBeLessThan(0.6);
      expect(ink(600, 14, 380, 18)).toBe(0);
      // The first line of the legend, with its swatch; the last label below the chart.
      expect(ink(44, 388, 300, 16)).toBeGreaterThan(0.1);
      expect(ink(16, 391, 18, 8)).toBe(1);
      expect(ink(950, 358, 36, 14)).toBeGreaterThan(0.1);
    },
  );

  test('does not replace a file, unless it is told to', async () => {
    const file = join(tempFolder(), 'kept.html');
    writeFileSync(file, 'mine');
    const { code, err } = await report('--out', file);
    expect([code, err]).toEqual([
      3,
      `pmi: ${file} is there already\nName another file, or replace it with --force.\n`,
    ]);
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(await report('--out', file, '--force')).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>/);
  });

  test.each([
    ['without --out', [], 2, '--out is missing'],
    [
      'with a moment that is none',
      ['--out', 'x.html', '--at', 'banana'],
      2,
      '--at is not an instant: banana',
    ],
    [
      'compared with a moment that is none',
      ['--out', 'x.html', '--base', 'banana'],
      2,
      '--base is not an instant: banana',
    ],
    ['of a process that was not there', ['--out', 'x.html', '--pid', '4242'], 1, 'No data for PID 4242'],
    ['of a moment before all', ['--out', 'x.html', '--at', '20200101_000000Z'], 1, 'unknown'],
    [
      'of groups that are none',
      ['--out', 'x.html', '--group', 'pid'],
      2,
      'One of cmd, exe, user, cgroup, watch.',
    ],
    ['with a picture that is none', ['--out', 'x.html', '--view', 'pie'], 2, 'One of treemap, icicle.'],
    ['with a flag that is not known', ['--out', 'x.html', '--ts', '-3m'], 2, '--ts'],
    [
      'where it cannot write',
      ['--out', '/proc/nowhere/x.html'],
      3,
      'Cannot write /proc/nowhere/x.html: ENOENT',
    ],
  ] as const)('%s it says why, and leaves nothing', async (_, args, code, message) => {
    const cwd = tempFolder();
    const found = await runPmi(['report', '--dumps', dumps, ...args], { cwd });
    expect([found.code, found.out]).toEqual([code, '']);
    expect(found.err).toContain(message);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('into a folder of that name is refused, --force or not', async () => {
    const cwd = tempFolder();
    mkdirSync(join(cwd, 'x.html'));
    expect((await runPmi(['report', '--dumps', dumps, '--out', 'x.html'], { cwd })).code).toBe(3);
    expect((await runPmi(['report', '--dumps', dumps, '--out', 'x.html', '--force'], { cwd })).code).toBe(3);
    expect(readdirSync(cwd)).toEqual(['x.html']);
  });
});
