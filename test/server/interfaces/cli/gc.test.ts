import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { CollectedGarbage } from '../../../../server/domain/own-memory.ts';
import { sharedTempFolder } from '../../../support/temp-folder.ts';
import type { RunningPmi } from './run-pmi.ts';
import { runPmi, servedAt, startPmi } from './run-pmi.ts';

const dumps = sharedTempFolder();
let server: RunningPmi;
let url: URL;

beforeAll(async () => {
  server = startPmi(['serve', '--dumps', dumps, '--port', '0']);
  url = new URL(await servedAt(server));
});
afterAll(() => {
  server.child.kill('SIGTERM');
});

const gc = (...args: readonly string[]) => runPmi(['gc', '--port', url.port, ...args]);

describe('pmi gc', () => {
  test('collects the garbage of the server, and tells of it alone', async () => {
    const { code, out } = await gc();
    expect(code).toBe(0);
    expect(out).toMatch(
      /^The server’s own memory: RSS .* → .*, heap used .* → .*, external .* in \d+ ms\.\n$/,
    );
    const { before, after, freed, took_ms }: CollectedGarbage = JSON.parse((await gc('--json')).out);
    for (const figure of ['rss_bytes', 'heap_used_bytes', 'external_bytes'] as const)
      expect(freed[figure]).toBe(before[figure] - after[figure]);
    expect(before.rss_bytes).toBeGreaterThan(before.heap_used_bytes);
    expect(took_ms).toBeGreaterThan(0);
  });

  test('frees what is garbage: asking for pages leaves some', async () => {
    const path = new URL('/openapi.json', url);
    for (let asked = 0; asked < 20; asked++) await (await fetch(path)).text();
    const { freed }: CollectedGarbage = JSON.parse((await gc('--json')).out);
    expect(freed.heap_used_bytes).toBeGreaterThan(100_000);
  });

  test('says that no server is there', async () => {
    const free = createServer();
    await new Promise<void>((done) => free.listen(0, '127.0.0.1', done));
    const { port } = free.address() as AddressInfo;
    await new Promise((done) => free.close(done));
    const { code, err } = await runPmi(['gc', '--port', String(port)]);
    expect([code, err]).toEqual([1, `pmi: no server answers at port ${port}: there is nothing to collect\n`]);
  });

  test('asks nothing of another program', async () => {
    const other = createServer((_request, response) => response.end('{}'));
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const { code, err } = await runPmi(['gc', '--port', String(port)]);
    expect(code).toBe(3);
    expect(err).toContain(`Something else answers at port ${port}`);
  });

  test('is refused to other sites, as all that changes something', async () => {
    const headers = { origin: 'https://evil.com', 'content-type': 'application/json' };
    const answer = await fetch(new URL('/api/v1/self/gc', url), { method: 'POST', headers, body: '{}' });
    expect(answer.status).toBe(403);
  });

  test('says that of other processes nothing can be collected from outside', async () => {
    expect((await runPmi(['gc', '--help'])).out).toContain(
      'only a program itself knows what it no longer needs',
    );
  });
});
