import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from './planted-house.ts';

interface LockedPackage {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly inBundle?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

/** Each runtime package was looked at and is needed. A new one is added here in the same change as its reason. */
const reviewed = {
  '@duckdb/node-api': 'queries over the Parquet segments',
  '@duckdb/node-bindings':
    'sealing hands its columns to the engine as they are; comes with node-api, at its version',
  '@fastify/etag': 'a poll that changes nothing costs no body',
  '@fastify/helmet': 'Content-Security-Policy and its siblings',
  '@fastify/static': 'serves the web app',
  '@fastify/swagger': 'openapi.json from the zod schemas',
  '@fastify/websocket': 'the live feed; brings ws',
  '@preact/signals': 'state of the web app',
  '@resvg/resvg-wasm': 'charts as PNG from the terminal; one build for all platforms, no dependency',
  'csv-parse': 'tolerant reading of dumps',
  'csv-stringify': 'every CSV export',
  'danfojs-node': 'data frames for people, loaded on demand',
  fastify: 'HTTP',
  'fastify-type-provider-zod': 'one schema validates, types and documents a route',
  'plotly.js-dist': 'charts',
  preact: 'pages',
  zod: 'schemas of the HTTP contract',
};

function readProjectFile(name: string): string {
  return readFileSync(join(projectRoot, name), 'utf8');
}

const manifest = JSON.parse(readProjectFile('package.json'));
const lockText = readProjectFile('package-lock.json');
const locked: Record<string, LockedPackage> = JSON.parse(lockText).packages;
const installed = Object.entries(locked).filter(([path]) => path !== '');

function runsOnLinuxX64({ os = ['linux'], cpu = ['x64'], libc = ['glibc'] }: LockedPackage): boolean {
  return os.includes('linux') && cpu.includes('x64') && libc.includes('glibc');
}

describe('packages', () => {
  test('at run time are the reviewed ones', () => {
    expect(Object.keys(manifest.dependencies)).toEqual(Object.keys(reviewed));
  });

  test('are held at exact versions', () => {
    const wanted: Record<string, string> = { ...manifest.dependencies, ...manifest.devDependencies };
    expect(
      Object.entries(wanted).filter(
        ([, version]) => !/^(npm:typescript@)?\d+\.\d+\.\d+(-r\.\d+)?$/.test(version),
      ),
    ).toEqual([]);
  });

  test('come from whatever registry npm is set to', () => {
    expect(installed.length).toBeGreaterThan(Object.keys(reviewed).length);
    expect(installed.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path)).toEqual([]);
  });

  // Binaries for other platforms are optional and locked by version alone where their hash was not to be had.
  test('are verified by hash', () => {
    const unverified = installed.filter(([, entry]) => entry.integrity === undefined && !entry.inBundle);
    expect(unverified.filter(([, entry]) => runsOnLinuxX64(entry)).map(([path]) => path)).toEqual([]);
  });

  // npm copies a dependency's own wish list into the lockfile, even where "overrides" replaces the wish.
  test('name no archive or registry host in the lockfile', () => {
    expect(lockText.match(/.*(\.tgz|registry\.|\/\/cdn\.).*/g) ?? []).toEqual([]);
  });

  test('run no scripts when they are installed', () => {
    expect(readProjectFile('.npmrc').split('\n')).toContain('ignore-scripts=true');
  });
});
