import { describe, expect, test } from 'vitest';
import { readCase, readCorpus, readManifest } from '../../../torture/reader/corpus.ts';
import { cutEverywhere } from '../../../torture/reader/cuts.ts';
import { flipEverywhere } from '../../../torture/reader/flips.ts';
import { minimize } from '../../../torture/reader/minimize.ts';
import { readWhileMoving } from '../../../torture/reader/moving-files.ts';
import { mutateOften } from '../../../torture/reader/mutations.ts';
import { mutateOthers } from '../../../torture/reader/other-mutations.ts';
import { readSpecialFiles } from '../../../torture/reader/special-files.ts';
import type { Outcome } from '../../../torture/reader/target.ts';

/** Short forms of `make torture-reader`. */

const SHORT_FORMS: Readonly<Record<string, () => Promise<Outcome>>> = {
  'every damaged file that was ever kept gives what its manifest says': readCorpus,
  'a 64 KiB pair cut at every 7th byte serves the rows before the cut, and no others': () => cutEverywhere(7),
  '8192 flipped bits of a 64 KiB pair are told, and cost no neighbour': () => flipEverywhere(8192),
  '5000 mutated files end in rows and rejects that add up': () =>
    mutateOften([{ seed: 20260301, count: 5000 }]),
  'mutated system files cost no row, mutated packed files are whole or told': () =>
    mutateOthers(500, 20260301),
  'what is no regular file is told and blocks nothing': readSpecialFiles,
  'files that change under many readers are read whole or told': () => readWhileMoving(1500),
};

describe('in earnest', () => {
  for (const [name, run] of Object.entries(SHORT_FORMS))
    test(name, async () => {
      const { figures, faults } = await run();
      console.log(figures);
      expect(faults).toEqual([]);
    }, 180_000);
});

describe('the torture itself', () => {
  test('would notice a kept case that gives something else', async () => {
    const { 'cut-between-rows': kept } = readManifest();
    const { found } = await readCase('cut-in-the-last-cell');
    expect(found.rejects).not.toEqual(kept.rejects);
  });

  test('makes a failing case as small as it can', async () => {
    const large = Buffer.from(`${'x'.repeat(500)}"${'y'.repeat(700)},${'z'.repeat(90)}`);
    const isFailing = async (bytes: Buffer) => bytes.includes('"') && bytes.includes(',');
    expect((await minimize(large, isFailing)).toString()).toBe('",');
  });
});
