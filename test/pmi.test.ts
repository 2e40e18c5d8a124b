import { execFile } from 'node:child_process';
import { accessSync, constants, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { projectRoot } from './planted-house.ts';
import { PMI, servedAt, startPmi } from './server/interfaces/cli/run-pmi.ts';
import { SMALL_RECORDING } from './server/interfaces/http/small-recording.ts';
import { writeHistory } from './support/dump-builder.ts';
import { tempFolder } from './support/temp-folder.ts';

/** The built product as one piece: dist/pmi.js with the web app that was built beside it. */

const DIST = dirname(PMI);

/** The product in another folder, with no packages but the engine's native code. */
function installAlone(): string {
  const home = tempFolder();
  cpSync(DIST, join(home, 'dist'), { recursive: true, filter: (path) => !path.endsWith('.map') });
  const engine = join(projectRoot, 'node_modules', '@duckdb');
  mkdirSync(join(home, 'node_modules', '@duckdb'), { recursive: true });
  for (const name of readdirSync(engine).filter((one) => one.startsWith('node-bindings')))
    symlinkSync(join(engine, name), join(home, 'node_modules', '@duckdb', name));
  return join(home, 'dist', 'pmi.js');
}

describe('dist/pmi.js', () => {
  test('is a command by itself', async () => {
    accessSync(PMI, constants.X_OK);
    expect(readFileSync(PMI, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    const { stdout } = await promisify(execFile)(PMI, ['--version']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('serves the page with everything that it asks for, and nothing of it is elsewhere', async () => {
    const dumps = tempFolder();
    writeHistory(dumps, SMALL_RECORDING);
    const pmi = startPmi(['serve', '--dumps', dumps, '--port', '0']);
    onTestFinished(() => {
      pmi.child.kill('SIGKILL');
    });
    const url = await servedAt(pmi);
    const page = await (await fetch(url, { headers: { accept: 'text/html' } })).text();
    const addresses = [...page.matchAll(/\b(?:src|href|data-plotly)="([^"]+)"/g)].map(
      ([, address]) => address,
    );
    expect(addresses.filter((address) => !address.startsWith('/') || address.startsWith('//'))).toEqual([]);
    const types = await Promise.all(
      addresses.map((address) => typeOf(new URL(address.replace('&amp;', '&'), url))),
    );
    expect(types.map(([status]) => status)).toEqual(addresses.map(() => 200));
    for (const wanted of ['text/javascript', 'text/css', 'image/svg+xml'])
      expect(types.some(([, type]) => type.startsWith(wanted) || type.includes(wanted.slice(5)))).toBe(true);
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|style="/);
  });

  // What is loaded on demand is left where it is, see build/libraries.mjs.
  test('reads, seals and serves a recording without any package but the engine', async () => {
    const dumps = tempFolder();
    writeHistory(dumps, SMALL_RECORDING);
    const pmi = startPmi(['serve', '--dumps', dumps, '--port', '0'], { program: installAlone() });
    onTestFinished(() => {
      pmi.child.kill('SIGKILL');
    });
    const url = await servedAt(pmi);
    await vi.waitFor(async () => {
      const health = await (await fetch(new URL('/healthz', url))).json();
      expect(health.samples).toBeGreaterThan(0);
    }, 10_000);
    expect((await fetch(new URL('/api/v1/', url))).status).toBe(200);
  });

  test('comes with the licences of what it brings along', () => {
    const notices = readFileSync(join(DIST, 'LICENSES.txt'), 'utf8');
    for (const name of ['@duckdb/node-api', 'fastify', 'plotly.js-dist', 'preact', 'zod'])
      expect(notices).toMatch(new RegExp(`^${name} [0-9].*\\n\\n.*(licen[cs]e|copyright)`, 'im'));
  });
});

async function typeOf(url: URL): Promise<readonly [number, string]> {
  const response = await fetch(url);
  await response.arrayBuffer();
  return [response.status, response.headers.get('content-type') ?? ''];
}
