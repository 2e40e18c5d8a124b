// Builds a program of this folder and the collector beside it, and runs it: node bundle.mjs main.ts …
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { build } from 'esbuild';

const [entry] = process.argv.slice(2);
const out = resolve('node_modules/.cache/bench');
await mkdir(out, { recursive: true });
await build({
  entryPoints: { collector: 'collector/main.ts', 'collector-bench': `test/bench/collector/${entry}` },
  bundle: true,
  platform: 'node',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  define: { __VERSION__: '"bench"' },
  outdir: out,
  logLevel: 'error',
});
await import(`${out}/collector-bench.mjs`);
