import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Declarations of a module that programs import, and of all that they speak of, kept by content. */

const CACHE = 'node_modules/.cache/types';
const IMPORT = /(?:from |import\()['"](\.[^'"]+)['"]/g;

/** @returns the declarations of all that the entry imports, by their paths below this folder */
function emit(entry) {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'emitted-'));
  const config = {
    extends: resolve('tsconfig.base.json'),
    // Types are checked by `npm run check`; here they are only written down.
    compilerOptions: {
      composite: false,
      declaration: true,
      noCheck: true,
      types: ['node'],
      rootDir: resolve('.'),
      outDir: '.',
    },
    files: [resolve(entry)],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  execFileSync(process.execPath, ['node_modules/typescript-7/bin/tsc', '-p', folder], { stdio: 'inherit' });
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.d.ts'));
  const written = new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  rmSync(folder, { recursive: true });
  return written;
}

function declarationOf(source) {
  return source.replace(/\.ts$/, '.d.ts');
}

/** Those that are reached from the entry's: what a module does inside is nobody's type. */
function reachedFrom(entry, written) {
  const reached = new Map();
  const look = (name) => {
    const text = written.get(name);
    if (text === undefined || reached.has(name)) return;
    reached.set(name, text);
    for (const [, path] of text.matchAll(IMPORT)) look(declarationOf(join(dirname(name), path)));
  };
  look(declarationOf(entry));
  return [...reached];
}

function hashOf(folders) {
  const hash = createHash('sha256').update(readFileSync('package-lock.json'));
  for (const folder of folders)
    for (const name of readdirSync(folder, { recursive: true }).sort())
      if (name.endsWith('.ts')) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest('hex');
}

/** @returns [path, bytes] of each, below `out`. @param folders of all that it may be made of */
export function buildTypes(entry, folders, out) {
  const cache = join(CACHE, `${hashOf(folders)}.json`);
  if (!existsSync(cache)) writeFileSync(cache, JSON.stringify(reachedFrom(entry, emit(entry))));
  const files = JSON.parse(readFileSync(cache, 'utf8'));
  return files.map(([name, text]) => [join(out, name), Buffer.from(text)]);
}
