import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routeTable } from '../server/interfaces/http/route-table.ts';
import type { TestServer } from '../server/interfaces/http/test-server.ts';
import { serveFolder } from '../server/interfaces/http/test-server.ts';
import { sharedTempFolder } from '../support/temp-folder.ts';
import { docFiles, generatedBlock, generatedBlocks, readDoc, writeBlocks } from './blocks.ts';
import type { DescribedRoutes } from './what-code-says.ts';
import { listCommands, whatCodeSays } from './what-code-says.ts';

const dumps = sharedTempFolder();
const scratch = sharedTempFolder();
const NAMES = [
  ...['commands', 'metrics', 'process-columns', 'routes', 'ledger', 'errors', 'config', 'config-example'],
  ...['regions', 'analysis-api', 'alert-kinds', 'alert-defaults'],
];
let server: TestServer;
let says: ReadonlyMap<string, string>;

beforeAll(async () => {
  server = await serveFolder(dumps, scratch);
  const { paths } = await server.json<{ paths: DescribedRoutes }>('/openapi.json');
  says = await whatCodeSays(paths);
  if (process.env.UPDATE_DOCS) writeBlocks(says);
});
afterAll(() => server.close());

describe('a generated block of the docs', () => {
  test.each(NAMES)('%s says what code says (else: UPDATE_DOCS=1 make test)', (name) => {
    expect(generatedBlock(name).text).toBe(says.get(name));
  });

  test('has a name that code knows, and every name has its block', () => {
    expect([...says.keys()].sort()).toEqual([...NAMES].sort());
    expect(
      generatedBlocks()
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...NAMES].sort());
  });

  test('of routes has every route of the app but for the ways in, descriptions and built files', () => {
    const { text } = generatedBlock('routes');
    const HIDDEN = /^(\/|\/api\/?|\/api\/v1|\/openapi\.json|\/docs|\/static\/.*)$/;
    const routes = routeTable(server.app)
      .filter((path) => !HIDDEN.test(path))
      .map((path) => path.replace(/:(\w+)/, '{$1}'));
    expect([...text.matchAll(/`GET (\S+)`/g)].map(([, path]) => path).sort()).toEqual([...routes].sort());
  });
});

describe('the docs', () => {
  const files = docFiles().filter((file) => !/parity|CHANGELOG/.test(file));

  test('name no command that there is not', async () => {
    const known = new Set((await listCommands()).map(([name]) => name));
    for (const file of files)
      for (const [whole, name] of readDoc(file).matchAll(/(?:`|^|node dist\/)pmi(?:\.js)? ([a-z]+)/gm))
        expect(known.has(name), `${file}: ${whole}`).toBe(true);
  });

  test('name no route that there is not', async () => {
    for (const file of files)
      for (const [path] of readDoc(file).matchAll(
        /\/api\/v1\/(?:[a-z-]+(?:\/[a-z-]+)*)?|\/healthz|\/openapi\.json/g,
      )) {
        const { status } = await server.get(path);
        const isRoute =
          server.app.hasRoute({ method: 'POST', url: path }) ||
          status !== 404 ||
          (await (await server.get(path)).json()).code !== 'no_such_route';
        expect(isRoute, `${file}: ${path}`).toBe(true);
      }
  });

  test('link to no page of theirs that there is not', () => {
    const project = join(import.meta.dirname, '..', '..');
    for (const file of files)
      for (const [, target] of readDoc(file).matchAll(/\]\(([\w./-]+\.md)(?:#[\w-]+)?\)/g))
        expect(existsSync(join(project, dirname(file), target)), `${file}: ${target}`).toBe(true);
  });
});
