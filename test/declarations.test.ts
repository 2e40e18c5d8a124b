import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from './planted-house.ts';
import { sharedTempFolder } from './support/temp-folder.ts';

/** The package as another project has it: packed, unpacked into its node_modules, imported from TypeScript. */

const consumer = sharedTempFolder();

const GOOD = `import {
  analyzeMemoryRegions,
  formatMemorySize,
  getDetailedMemoryInfo,
  getProcessMemorySummary,
} from 'pid-memory-inspector/analysis';
import type { AnalysisOptions } from 'pid-memory-inspector/analysis';

const options: AnalysisOptions = { refresh: true };
const { memory, missing } = await getDetailedMemoryInfo(process.pid, options);
const rss: number | null = memory.rss_bytes;
const { rows } = await analyzeMemoryRegions(process.pid);
const starts: string[] = rows.map(({ start }) => start);
const summary: string = await getProcessMemorySummary();
console.log(formatMemorySize(rss, 'seed'), starts.length > 0, missing.length, summary.length > 0);
`;

const BAD = `import { getDetailedMemoryInfo } from 'pid-memory-inspector/analysis';
const { memory } = await getDetailedMemoryInfo(1);
const rss: string = memory.rss_bytes;
const none = memory.rss_mebibytes;
`;

const OPTIONS = { strict: true, noEmit: true, target: 'ES2023', lib: ['ES2023'], types: ['node'] };

/** @returns what a compiler has to say of both files, line by line */
function compile(compiler: string, resolution: object): string[] {
  const config = {
    compilerOptions: { ...OPTIONS, skipLibCheck: false, ...resolution },
    files: ['good.ts', 'bad.ts'],
  };
  writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(projectRoot, 'node_modules', compiler, 'bin', 'tsc');
  const typeRoots = ['--typeRoots', resolve(projectRoot, 'node_modules', '@types'), '--pretty', 'false'];
  const args = [tsc, '-p', consumer, ...typeRoots];
  const { stdout } = spawnSync(process.execPath, args, { cwd: consumer, encoding: 'utf8' });
  return stdout.trimEnd().split('\n');
}

beforeAll(() => {
  const pack = ['pack', '--json', '--pack-destination', consumer];
  const [{ filename }] = JSON.parse(execFileSync('npm', pack, { cwd: projectRoot, encoding: 'utf8' }));
  const unpacked = join(consumer, 'node_modules', 'pid-memory-inspector');
  mkdirSync(unpacked, { recursive: true });
  execFileSync('tar', ['-xzf', join(consumer, filename), '-C', unpacked, '--strip-components=1']);
  writeFileSync(join(consumer, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  writeFileSync(join(consumer, 'good.ts'), GOOD);
  writeFileSync(join(consumer, 'bad.ts'), BAD);
}, 60_000);

describe('pid-memory-inspector/analysis in a project of its own', () => {
  test.each([
    ['NodeNext, by TypeScript 7', 'typescript-7', { module: 'NodeNext' }],
    ['a bundler, by TypeScript 6', 'typescript', { module: 'preserve', moduleResolution: 'bundler' }],
  ])('is typed where modules are found as by %s', (_, compiler, resolution) => {
    expect(compile(compiler, resolution)).toEqual([
      expect.stringMatching(/^bad\.ts\(3,\d+\): error TS2322: Type 'number \| null' is not assignable/),
      expect.stringMatching(/^\s+Type 'null' is not assignable/),
      expect.stringMatching(/^bad\.ts\(4,\d+\): error TS2\d+: Property 'rss_mebibytes' does not exist/),
    ]);
  });

  test('works as it is typed', () => {
    const script = `import { formatMemorySize, getDetailedMemoryInfo } from 'pid-memory-inspector/analysis';
      const { memory } = await getDetailedMemoryInfo();
      console.log(formatMemorySize(memory.vsz_bytes));`;
    const run = ['--input-type=module', '-e', script];
    expect(execFileSync(process.execPath, run, { cwd: consumer, encoding: 'utf8' })).toMatch(
      /^[\d.]+ [KMGT]iB\n$/,
    );
  });
});
