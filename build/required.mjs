import { createRequire } from 'node:module';

const requireHere = createRequire(import.meta.url);

/**
 * Packages of CommonJS that are required, not imported: to import one, Node first parses its hundred files for the names
 * that they export, in each thread anew, which takes as long as running them.
 */
export const required = {
  name: 'required',
  setup({ onResolve, onLoad }) {
    const filter = /^@duckdb\/node-(api|bindings)$/;
    onResolve({ filter }, ({ path }) => ({ path, namespace: 'required' }));
    onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => {
      const names = Object.keys(requireHere(path)).filter((name) => name !== 'default');
      const contents = `
import { createRequire } from 'node:module';
const required = createRequire(import.meta.url)(${JSON.stringify(path)});
export const { ${names.join(', ')} } = required;
export default required;`;
      return { contents, resolveDir: '.' };
    });
  },
};
