import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** Declarations of a module that programs import, and of all that they speak of. The compiler takes 2 s: kept by content. */

const CACHE = 'node_modules/.cache/types';
const IMPORT = /(?:from |import\()['"](\.[^'"]+)['"]/g;

async function emit(entry) {
  const { default: ts } = await import('typescript');
  const { config } = ts.readConfigFile('tsconfig.base.json', ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, '.');
  // Types are checked by `npm run check`; here they are only written down.
  const program = ts.createProgram([entry], {
    ...options,
    ...{ composite: false, declaration: true, noCheck: true, types: ['node'], rootDir: '.', outDir: '.' },
  });
  const written = new Map();
  program.emit(undefined, (name, text) => written.set(relative('.', resolve(name)), text));
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
export async function buildTypes(entry, folders, out) {
  const cache = join(CACHE, `${hashOf(folders)}.json`);
  if (!existsSync(cache)) {
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(cache, JSON.stringify(reachedFrom(entry, await emit(entry))));
  }
  const files = JSON.parse(readFileSync(cache, 'utf8'));
  return files.map(([name, text]) => [join(out, name), Buffer.from(text)]);
}
