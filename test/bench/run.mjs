// Bundles a benchmark and runs it in one process, so that ratios are of one run: node run.mjs main.ts …
import { mkdir } from 'node:fs/promises';
import { build } from 'esbuild';

const [entry] = process.argv.slice(2);
const out = 'node_modules/.cache/bench/main.mjs';
await mkdir('node_modules/.cache/bench', { recursive: true });
await build({
  entryPoints: [`test/bench/${entry}`],
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  define: { __VERSION__: '"bench"' },
  outfile: out,
  logLevel: 'error',
});
await import(new URL(`../../${out}`, import.meta.url));
