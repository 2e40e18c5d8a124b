import { createRequire, isBuiltin } from 'node:module';

const requireHere = createRequire(import.meta.url);

/** Native code, which is found from its own folder. */
const NATIVE = /^@duckdb\/node-bindings$/;
/** Where a bundle leaves packages alone: what is loaded on demand, and is a hundred more of them; a file that is looked up. */
const LEFT_OUT = ['danfojs-node', '@resvg/resvg-wasm/index_bg.wasm'];

/** A package that is required when its importer is loaded: to import it, Node would first parse it for what it exports. */
function requiredModule(path) {
  const names = Object.keys(requireHere(path)).filter((name) => name !== 'default');
  return `
import { createRequire } from 'node:module';
const required = createRequire(import.meta.url)(${JSON.stringify(path)});
export const { ${names.join(', ')} } = required;
export default required;`;
}

/**
 * Libraries go into the bundles: until its first answer a server opened 1300 files, most of them theirs, one by one and in
 * each thread anew.
 */
export const libraries = {
  name: 'libraries',
  setup({ initialOptions, onResolve, onLoad }) {
    initialOptions.external = [...(initialOptions.external ?? []), ...LEFT_OUT];
    onResolve({ filter: NATIVE }, ({ path }) => ({ path, namespace: 'native' }));
    onLoad({ filter: /.*/, namespace: 'native' }, ({ path }) => ({
      contents: requiredModule(path),
      resolveDir: '.',
    }));
    // In a module of ECMAScript there is no `require`, which libraries of CommonJS have Node's own modules by.
    onResolve({ filter: /.*/ }, ({ path, kind }) =>
      kind === 'require-call' && isBuiltin(path) ? { path, namespace: 'builtin' } : null,
    );
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};
