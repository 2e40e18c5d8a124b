import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';

/** When, where and how busy. */
export function describeHost(): string {
  const cpus = execFileSync('nproc', { encoding: 'utf8' }).trim();
  const load = readFileSync('/proc/loadavg', 'utf8').split(' ')[0];
  const day = new Date().toISOString().slice(0, 10);
  return `${day}, ${cpus} CPUs (load ${load} at the start), Linux ${release()}, Node ${process.version}.`;
}

function putBetween(file: string, mark: string, text: string): void {
  const marks = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
  const docs = readFileSync(file, 'utf8');
  const [start, end] = marks.map((one) => docs.indexOf(one));
  if (start < 0 || end < start) throw new Error(`${file} has no ${marks.join(' … ')}`);
  writeFileSync(file, `${docs.slice(0, start + marks[0].length)}\n${text}\n${docs.slice(end)}`);
}

/** Puts the figures of a run into the docs, between the marks of the program that made them. */
export function writeFigures(
  mark: 'bench:collector' | 'soak:collector' | 'bench:history' | 'bench:web' | 'bench:live' | 'bench:top',
  text: string,
): void {
  putBetween('docs/performance.md', mark, text);
}

/** Puts the short form into the README. */
export function writeStanding(text: string): void {
  putBetween('README.md', 'bench:standing', text);
}
