import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const SCRIPT = /\.tsx?$/;

/** What the scripts of a folder import on demand. */
function findParts(folder) {
  const scripts = readdirSync(folder, { recursive: true }).filter((name) => SCRIPT.test(name));
  const parts = scripts.flatMap((name) => {
    const from = join(folder, name);
    const imported = readFileSync(from, 'utf8').matchAll(/\bimport\('(\.[^']+)'\)/g);
    return [...imported].map(([, path]) => resolve(dirname(from), path));
  });
  return new Set(parts);
}

/**
 * For esbuild with `splitting`: what is imported on demand imports `entry`, too, which is there by then. Else esbuild
 * reckons with parts that come without it, and cuts what the entry brings along into a chunk for each set of parts that
 * share it: many small files that pack badly.
 */
export function partsOf(entry) {
  return {
    name: 'parts',
    setup(build) {
      const parts = findParts(dirname(entry));
      build.onLoad({ filter: SCRIPT }, ({ path }) => {
        if (!parts.has(path)) return null;
        const contents = `${readFileSync(path, 'utf8')}\nimport ${JSON.stringify(resolve(entry))};\n`;
        return { contents, loader: path.endsWith('x') ? 'tsx' : 'ts' };
      });
    },
  };
}

/** The script that holds the code of an entry: parts import it, so the entry itself is nothing but an import of it. */
export function moduleOfEntry(files, entry) {
  const [name, code] = files.find(([path]) => new RegExp(`/${entry}-\\w+\\.js$`).test(path));
  const found = /^import"\.\/(chunk-\w+\.js)";\s*$/.exec(code.toString());
  if (!found) throw new Error(`${name}: more than an import`);
  return found[1];
}
