// make bench: bundles the benchmarks and runs them in one process, so that ratios are of one run.
import { mkdir } from 'node:fs/promises';
import { build } from 'esbuild';

const out = 'node_modules/.cache/bench/main.mjs';
await mkdir('node_modules/.cache/bench', { recursive: true });
await build({
  entryPoints: ['test/bench/main.ts'],
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  define: { __VERSION__: '"bench"' },
  outfile: out,
  logLevel: 'error',
});
await import(new URL(`../../${out}`, import.meta.url));
