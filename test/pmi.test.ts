import { execFile } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { PMI, servedAt, startPmi } from './server/interfaces/cli/run-pmi.ts';
import { SMALL_RECORDING } from './server/interfaces/http/small-recording.ts';
import { writeHistory } from './support/dump-builder.ts';
import { tempFolder } from './support/temp-folder.ts';

/** The built product as one piece: dist/pmi.js with the web app that was built beside it. */

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
});

async function typeOf(url: URL): Promise<readonly [number, string]> {
  const response = await fetch(url);
  await response.arrayBuffer();
  return [response.status, response.headers.get('content-type') ?? ''];
}
