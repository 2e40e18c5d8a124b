import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { version as esbuildVersion, transform } from 'esbuild';
import { compress, writeFiles } from './files.mjs';

export const PLOTLY = 'node_modules/plotly.js-dist';
const BROTLI_QUALITY = 9;

/** Plotly's own build, minified and compressed once per version: that takes longer than all the rest. */
export async function preparePlotly() {
  const plotlyVersion = JSON.parse(readFileSync(`${PLOTLY}/package.json`, 'utf8')).version;
  const cache = `node_modules/.cache/plotly-${plotlyVersion}-${esbuildVersion}`;
  if (!existsSync(cache)) await minifyPlotly(cache);
  const script = await readFile(join(cache, 'plotly.js'));
  const hash = createHash('sha256').update(script).digest('hex').slice(0, 8).toUpperCase();
  const name = `web/static/plotly-${hash}.js`;
  const variants = ['.br', '.gz'].map(async (ending) => {
    return [name + ending, await readFile(join(cache, `plotly.js${ending}`))];
  });
  return [[name, script], ...(await Promise.all(variants))];
}

async function minifyPlotly(cache) {
  const source = await readFile(`${PLOTLY}/plotly.js`, 'utf8');
  const { code } = await transform(source, { minify: true, legalComments: 'none', target: 'es2022' });
  const unfinished = `${cache}.${process.pid}`;
  const files = [['plotly.js', Buffer.from(code)]];
  await writeFiles(unfinished, [...files, ...(await compress(files, BROTLI_QUALITY))]);
  await rename(unfinished, cache);
}
