// make torture-reader: every cut, every bit, 100 000 mutations, and files of any size and kind.
//   node test/torture/reader/run.mjs [T6 T7 …]     only those
//   UPDATE_DOCS=1 make torture-reader              writes docs/torture-reader.md anew
import { mkdir } from 'node:fs/promises';
import { build } from 'esbuild';

const folder = 'node_modules/.cache/torture/reader';
await mkdir(folder, { recursive: true });
await build({
  entryPoints: ['test/torture/reader/main.ts', 'test/torture/reader/probe.ts'],
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  logLevel: 'error',
});
await import(new URL(`../../../${folder}/main.mjs`, import.meta.url));
