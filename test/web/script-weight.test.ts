import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { PAGES } from '../../web/state.ts';

/** What the build makes of our own scripts, as it travels; the chart library comes apart, when a chart is near. */

const FOLDER = 'dist/web/static';
const MOST_KB = 60;
/** Parts that a page of its URL alone brings, beyond its own code. */
const BROUGHT: Readonly<Record<string, readonly string[]>> = {
  overview: ['watch-figure'],
  snapshot: ['tree-picture'],
  pid: ['tree-picture'],
};
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.js'));

function scriptOf(name: string): string {
  const found = files.find((file) => new RegExp(`^${name}-\\w{8}\\.js$`).test(file));
  if (!found) throw new Error(`no script of ${name} was built`);
  return found;
}

/** A script, and what it cannot run without. */
function closureOf(file: string, known: Set<string> = new Set()): Set<string> {
  if (known.has(file)) return known;
  known.add(file);
  const code = readFileSync(`${FOLDER}/${file}`, 'utf8');
  for (const [, imported] of code.matchAll(/(?:\bfrom|\bimport)\s*"\.\/([^"]+\.js)"/g))
    closureOf(imported, known);
  return known;
}

function gzippedKb(names: Iterable<string>): number {
  let sum = 0;
  for (const name of names) sum += gzipSync(readFileSync(`${FOLDER}/${name}`), { level: 9 }).length;
  return sum / 1000;
}

function firstScript(): string {
  const [, name] = /src="\/static\/([^"]+\.js)"/.exec(readFileSync('dist/web/index.html', 'utf8')) ?? [];
  return name;
}

describe('our own scripts', () => {
  test.each(Object.keys(PAGES))(`the page %s needs at most ${MOST_KB} kB of them, gzipped`, (page) => {
    const scripts = closureOf(firstScript());
    for (const part of [page, ...(BROUGHT[page] ?? [])]) closureOf(scriptOf(part), scripts);
    expect(scripts.size).toBeGreaterThan(1);
    expect(gzippedKb(scripts)).toBeLessThanOrEqual(MOST_KB);
  });

  test('what all pages share is one script', () => {
    expect([...closureOf(firstScript())]).toEqual([firstScript()]);
  });
});
