// Builds dist/: the program, the collector and the web app.
//   node build.mjs                   once
//   node build.mjs --watch up …      again after each change, and `pmi up …` is restarted with it
import { existsSync, readFileSync } from 'node:fs';
import { chmod, readFile, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { compress, listFiles, writeFiles } from './build/files.mjs';
import { copyFont } from './build/font.mjs';
import { libraries } from './build/libraries.mjs';
import { formatNotices, packagesOf } from './build/notices.mjs';
import { moduleOfEntry, partsOf } from './build/parts.mjs';
import { PLOTLY, preparePlotly } from './build/plotly.mjs';
import { buildTypes } from './build/types.mjs';

const DIST = 'dist';
const BUILD_STAMP = '.build-stamp';
const SOURCE_FOLDERS = ['server', 'collector', 'web', 'test/demo-host'];
const BROTLI_QUALITY = 11;
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

/** Files that went into some bundle. */
const bundled = new Set();

/** Runs esbuild in memory; what it would write, by path below dist/. */
async function bundle(options) {
  const { outputFiles, metafile } = await build({
    bundle: true,
    format: 'esm',
    define: { __VERSION__: JSON.stringify(version) },
    logLevel: 'warning',
    ...options,
    write: false,
    metafile: true,
  });
  for (const path of Object.keys(metafile.inputs)) bundled.add(path);
  return outputFiles.map((file) => [relative(resolve(DIST), file.path), Buffer.from(file.contents)]);
}

/** A module that other programs import. */
async function bundleModule(entry, name, options = {}) {
  return bundle({
    entryPoints: { [name]: entry },
    outdir: DIST,
    platform: 'node',
    target: 'node20',
    plugins: [libraries],
    sourcemap: 'linked',
    ...options,
  });
}

async function bundleForNode(entry, name, options) {
  return addHashbang(new Map(await bundleModule(entry, name, options)), `${name}.js`);
}

/** An esbuild banner would head every chunk, so the line goes in here and its map moves down by one. */
function addHashbang(files, script) {
  const hashbang = '#!/usr/bin/env node\n';
  const text = files.get(script).toString();
  if (text.startsWith('#!')) return files;
  const map = JSON.parse(files.get(`${script}.map`).toString());
  files.set(script, Buffer.from(hashbang + text));
  files.set(`${script}.map`, Buffer.from(JSON.stringify({ ...map, mappings: `;${map.mappings}` })));
  return files;
}

async function bundleProgram() {
  const split = { splitting: true, chunkNames: 'chunks/[name]-[hash]' };
  const program = await bundleForNode('server/main.ts', 'pmi', split);
  const sealWorker = await bundleForNode('server/seal-worker.ts', 'seal-worker');
  const collector = await bundleForNode('collector/main.ts', 'collector');
  const analysis = await bundleModule('server/analysis.ts', 'analysis');
  const demoHost = await bundleForNode('test/demo-host/main.ts', 'demo-host');
  return [...program, ...sealWorker, ...collector, ...analysis, ...demoHost];
}

async function bundleScript() {
  return bundle({
    entryPoints: ['web/main.tsx'],
    outdir: 'dist/web/static',
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    splitting: true,
    plugins: [partsOf('web/main.tsx')],
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    legalComments: 'none',
    define: { __VERSION__: JSON.stringify(version), 'process.env.NODE_ENV': '"production"' },
  });
}

async function bundleStyles() {
  return bundle({
    entryPoints: ['web/mem.css'],
    outdir: 'dist/web/static',
    assetNames: '[name]-[hash]',
    loader: { '.svg': 'file', '.woff2': 'file', '.png': 'file' },
    target: 'es2022',
    minify: true,
  });
}

/** Not served, but written into each report: minified, so that its hash is of what stands there. */
async function bundleReportStyles() {
  return bundle({ entryPoints: ['web/report.css'], outdir: 'dist/web', target: 'es2022', minify: true });
}

async function copyStaticFiles() {
  const folder = 'web/static';
  if (!existsSync(folder)) return [];
  const files = await listFiles(folder);
  return Promise.all(files.map(async (name) => [`web/static/${name}`, await readFile(join(folder, name))]));
}

function fillPage(files) {
  const url = (pattern) => {
    const found = files.find(([name]) => pattern.test(name));
    return found ? `/${found[0].slice('web/'.length)}` : '';
  };
  const tokens = {
    '%MAIN_JS%': `/static/${moduleOfEntry(files, 'main')}`,
    '%MEM_CSS%': url(/\/mem\.css$/),
    '%PLOTLY_JS%': url(/\/plotly-[^/]+\.js$/),
    '%VERSION%': version,
  };
  const page = readFileSync('web/index.html', 'utf8').replace(/%[A-Z_]+%/g, (token) => {
    if (tokens[token] === undefined) throw new Error(`web/index.html: ${token} is not known to build.mjs`);
    return tokens[token];
  });
  return [['web/index.html', Buffer.from(page)]];
}

async function bundleWeb() {
  const bundled = await Promise.all([bundleScript(), bundleStyles(), copyStaticFiles()]);
  const own = bundled.flat();
  const plotly = await preparePlotly();
  own.push(...fillPage([...own, ...plotly]));
  const report = await bundleReportStyles();
  return [...own, ...plotly, ...report, ...(await compress(own, BROTLI_QUALITY))];
}

/** Old files go last, so that there is no moment without a complete dist/. */
async function removeStale(files) {
  const wanted = new Set([BUILD_STAMP, ...files.map(([name]) => name)]);
  const stale = (await listFiles(DIST)).filter((name) => !wanted.has(name));
  await Promise.all(stale.map((name) => rm(join(DIST, name))));
}

function printSizes(files, milliseconds) {
  const size = new Map(files.map(([name, data]) => [name, data.length]));
  const kib = (bytes) => (bytes === undefined ? '' : (bytes / 1024).toFixed(1)).padStart(9);
  const row = (name, ...sizes) => console.log(name.padEnd(36) + sizes.map(kib).join(''));
  const chunks = files.filter(([name]) => /^chunks\/.*\.js$/.test(name));
  console.log(
    `${'dist/ in KiB'.padEnd(36)}${['plain', 'gzip', 'brotli'].map((head) => head.padStart(9)).join('')}`,
  );
  for (const [name, bytes] of size) {
    if (/\.(map|br|gz)$/.test(name) || /^(chunks|types)\//.test(name)) continue;
    row(name, bytes, size.get(`${name}.gz`), size.get(`${name}.br`));
  }
  row(
    `chunks/ (${chunks.length} files)`,
    chunks.reduce((sum, [, data]) => sum + data.length, 0),
  );
  console.log(`built ${version} in ${(milliseconds / 1000).toFixed(2)} s`);
}

async function buildAll({ hasTypes = false } = {}) {
  const start = performance.now();
  const declared = hasTypes ? buildTypes('server/analysis.ts', ['server', 'collector'], 'types') : [];
  const others = [...(await copyFont('fonts')), ...declared];
  const files = [...(await bundleProgram()), ...(await bundleWeb()), ...others];
  const notices = formatNotices([...packagesOf([...bundled]), PLOTLY]);
  files.push(['LICENSES.txt', Buffer.from(notices)]);
  await writeFiles(DIST, files);
  if (existsSync(`${DIST}/pmi.js`)) await chmod(`${DIST}/pmi.js`, 0o755);
  await removeStale(files);
  printSizes(files, performance.now() - start);
}

process.chdir(import.meta.dirname);
const [mode, ...command] = process.argv.slice(2);
if (mode === '--watch') {
  const { buildOnEachChange } = await import('./build/watch.mjs');
  buildOnEachChange(buildAll, SOURCE_FOLDERS, [`${DIST}/pmi.js`, ...command]);
} else {
  await buildAll({ hasTypes: true }).catch((error) => {
    if (!Array.isArray(error.errors)) throw error;
    process.exitCode = 1; // esbuild has printed what is wrong
  });
}
