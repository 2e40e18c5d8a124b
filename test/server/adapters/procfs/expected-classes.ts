import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClassedRegion } from '../../../../server/domain/memory-regions.ts';

/** The hand-made file of what regions of real programs are: test/fixtures/address-spaces.txt. */

interface Expectation {
  readonly class: string;
  readonly permissions: RegExp;
  readonly path: RegExp;
  /** No path, and right behind a region of this one. */
  readonly behind: RegExp | null;
  readonly bytes: number | null;
}

function glob(pattern: string): RegExp {
  if (pattern === '-') return /^$/;
  const parts = pattern.split('*').map((part) => part.replace(/[.\\[\]()+?^$|{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}

function parseLine(line: string): Expectation {
  const [name, permissions, ...rest] = line.split(' ');
  const [named, behind] = rest.join(' ').split(' behind ');
  const [path, bytes] = named.split(' of ');
  return {
    class: name,
    permissions: new RegExp(`^${permissions}`),
    path: glob(path),
    behind: behind === undefined ? null : glob(behind),
    bytes: bytes === undefined ? null : Number(bytes),
  };
}

function readSections(): ReadonlyMap<string, readonly Expectation[]> {
  const text = readFileSync(join(import.meta.dirname, '../../../fixtures/address-spaces.txt'), 'utf8');
  const sections = new Map<string, Expectation[]>();
  let section: Expectation[] = [];
  for (const line of text.split('\n').filter((one) => one !== '' && !one.startsWith('#'))) {
    const head = /^\[([a-z ]+)\]$/.exec(line);
    if (head) {
      section = [];
      sections.set(head[1], section);
    } else section.push(parseLine(line));
  }
  return sections;
}

/** What a person says that these regions are; `?` where the file has nothing that fits. */
export function expectedClasses(program: string, regions: readonly ClassedRegion[]): readonly string[] {
  const sections = readSections();
  const lines = [...(sections.get('every') ?? []), ...(sections.get(program) ?? [])];
  return regions.map((region, at) => {
    const before = regions[at - 1];
    const fits = ({ permissions, path, behind, bytes }: Expectation) =>
      permissions.test(region.permissions) &&
      path.test(region.path) &&
      (bytes === null || bytes === region.size_bytes) &&
      (behind === null || (before?.end === region.start && behind.test(before.path)));
    return lines.find(fits)?.class ?? '?';
  });
}
