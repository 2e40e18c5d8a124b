// make torture-collector: kills, faults and churn at full length, with strace, unshare and root where they are present.
//   node test/torture/collector/run.mjs [T1 T2 …]     only those
//   UPDATE_DOCS=1 make torture-collector              writes docs/torture.md anew
import { mkdir } from 'node:fs/promises';
import { build } from 'esbuild';

const out = 'node_modules/.cache/torture/main.mjs';
await mkdir('node_modules/.cache/torture', { recursive: true });
await build({
  entryPoints: ['test/torture/collector/main.ts'],
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  outfile: out,
  logLevel: 'error',
});
await import(new URL(`../../../${out}`, import.meta.url));
