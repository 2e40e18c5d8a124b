import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ICruiseResult } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parts, plantHouse, projectRoot, runTool } from './planted-house.ts';

const houses: string[] = [];

afterAll(() => {
  for (const house of houses) rmSync(house, { recursive: true, force: true });
});

function openHouse(files: Readonly<Record<string, string>>): string {
  const house = plantHouse(files);
  houses.push(house);
  return house;
}

async function cruise(folder: string): Promise<ICruiseResult> {
  const rules = join(projectRoot, '.dependency-cruiser.mjs');
  const args = ['--config', rules, '--output-type', 'json', ...parts];
  const { output } = await runTool('dependency-cruiser/bin/dependency-cruise.mjs', args, folder);
  return JSON.parse(output);
}

function listSources(part: string): string[] {
  return readdirSync(join(projectRoot, part), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => `${part}/${name}`);
}

describe('the import rules on this project', () => {
  let result: ICruiseResult;

  beforeAll(async () => {
    result = await cruise(projectRoot);
  });

  test.each(parts)('see every source file of %s', (part) => {
    const sources = listSources(part);
    const seen = new Set(result.modules.map((module) => module.source));
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.filter((source) => !seen.has(source))).toEqual([]);
  });

  test('find no violation', () => {
    const violations = result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
    expect(violations).toEqual([]);
  });
});

/** A small house in good order: whatever is refused beside it is refused for its own sake. */
const orderly = {
  'package.json': readFileSync(join(projectRoot, 'package.json'), 'utf8'),
  'collector/main.ts': `import { take } from './take-sample.ts';\nexport const run = take;`,
  'collector/recorder.ts': `import { take } from './take-sample.ts';\nexport const record = take;`,
  'collector/take-sample.ts': `import { readFileSync } from 'node:fs';\nimport { stringify } from 'csv-stringify/sync';\nimport { unit } from '../server/domain/units.ts';\nexport const take = [readFileSync, stringify, unit];`,
  'server/domain/units.ts': `export const unit = 1;\nexport type Unit = typeof unit;`,
  'server/application/ports.ts': `import type { Unit } from '../domain/units.ts';\nexport interface History { readonly unit: Unit }\nexport const none = null;`,
  'server/adapters/dumps/decode.ts': `import { parse } from 'csv-parse/sync';\nexport const decode = parse;`,
  'server/adapters/history/open.ts': `import { DuckDBInstance } from '@duckdb/node-api';\nimport type { History } from '../../application/ports.ts';\nexport const open: [typeof DuckDBInstance, History?] = [DuckDBInstance];`,
  'server/adapters/procfs/live.ts': `import { take } from '../../../collector/take-sample.ts';\nexport const live = take;`,
  'server/adapters/danfo/frame.ts': `export const frame = () => import('danfojs-node');`,
  'server/interfaces/http/schemas.ts': `import { z } from 'zod';\nimport { unit } from '../../domain/units.ts';\nexport const unitSchema = z.literal(unit);\nexport type UnitJson = z.infer<typeof unitSchema>;`,
  'server/interfaces/http/app.ts': `import fastify from 'fastify';\nimport etag from '@fastify/etag';\nimport { unitSchema } from './schemas.ts';\nexport const app = [fastify, etag, unitSchema];`,
  'server/interfaces/report/report.ts': `import { createHash } from 'node:crypto';\nimport { unit } from '../../domain/units.ts';\nexport const render = [createHash, unit];`,
  'server/interfaces/cli/main.ts': `import { parseArgs } from 'node:util';\nexport const cli = parseArgs;`,
  'server/main.ts': `import { app } from './interfaces/http/app.ts';\nimport { cli } from './interfaces/cli/main.ts';\nimport { open } from './adapters/history/open.ts';\nimport { record } from '../collector/recorder.ts';\nexport const all = [app, cli, open, record];`,
  'web/main.tsx': `import { render } from 'preact';\nimport { signal } from '@preact/signals';\nimport { unit } from '../server/domain/units.ts';\nimport type { UnitJson } from '../server/interfaces/http/schemas.ts';\nexport const page: [unknown, UnitJson] = [[render, signal], unit];`,
  'web/lib/plotly.ts': `import type { Data } from 'plotly.js-dist';\nexport type Trace = Data;`,
};

/** file that breaks a rule, its import, what the import resolves to */
const disorderly: readonly (readonly [string, string, RegExp])[] = [
  ['server/domain/reads-files.ts', `import 'node:fs';`, /^fs$/],
  ['server/domain/takes-a-package.ts', `import { z } from 'zod';\nexport const s = z;`, /\/zod\//],
  [
    'server/domain/knows-a-port.ts',
    `import type { History } from '../application/ports.ts';\nexport type H = History;`,
    /application\/ports/,
  ],
  [
    'server/domain/knows-a-port-inline.ts',
    `export type H = import('../application/ports.ts').History;`,
    /application\/ports/,
  ],
  [
    'server/application/reads-files.ts',
    `import { readFileSync } from 'node:fs';\nexport const r = readFileSync;`,
    /^fs$/,
  ],
  ['server/application/validates.ts', `import type { z } from 'zod';\nexport type Z = z.ZodType;`, /\/zod\//],
  ['server/application/calls-out.ts', `export * from '../adapters/dumps/decode.ts';`, /adapters\/dumps/],
  [
    'server/adapters/dumps/asks-history.ts',
    `import { open } from '../history/open.ts';\nexport const o = open;`,
    /adapters\/history/,
  ],
  [
    'server/adapters/dumps/queries.ts',
    `import { DuckDBInstance } from '@duckdb/node-api';\nexport const d = DuckDBInstance;`,
    /@duckdb/,
  ],
  [
    'server/adapters/history/loads-danfo.ts',
    `export const d = () => import('danfojs-node');`,
    /danfojs-node/,
  ],
  [
    'server/adapters/history/takes-a-sample.ts',
    `import { take } from '../../../collector/take-sample.ts';\nexport const t = take;`,
    /collector\/take-sample/,
  ],
  [
    'server/adapters/procfs/records.ts',
    `import { record } from '../../../collector/recorder.ts';\nexport const r = record;`,
    /collector\/recorder/,
  ],
  [
    'server/adapters/procfs/serves.ts',
    `import { app } from '../../interfaces/http/app.ts';\nexport const a = app;`,
    /http\/app/,
  ],
  [
    'server/interfaces/http/knows-an-adapter.ts',
    `import type { open } from '../../adapters/history/open.ts';\nexport type O = typeof open;`,
    /adapters\/history/,
  ],
  [
    'server/interfaces/http/calls-the-cli.ts',
    `import { cli } from '../cli/main.ts';\nexport const c = cli;`,
    /cli\/main/,
  ],
  [
    'server/interfaces/report/reads-files.ts',
    `import { readFileSync } from 'node:fs';\nexport const r = readFileSync;`,
    /^fs$/,
  ],
  [
    'server/interfaces/report/serves.ts',
    `import { app } from '../http/app.ts';\nexport const a = app;`,
    /http\/app/,
  ],
  [
    'server/application/writes-reports.ts',
    `import { render } from '../interfaces/report/report.ts';\nexport const r = render;`,
    /interfaces\/report/,
  ],
  [
    'server/interfaces/http/decodes.ts',
    `import { parse } from 'csv-parse';\nexport const p = parse;`,
    /csv-parse/,
  ],
  [
    'server/interfaces/http/schemas/serves.ts',
    `import type { app } from '../app.ts';\nexport type A = typeof app;`,
    /http\/app/,
  ],
  [
    'server/interfaces/cli/calls-http.ts',
    `import { app } from '../http/app.ts';\nexport const a = app;`,
    /http\/app/,
  ],
  [
    'server/interfaces/cli/records.ts',
    `import { record } from '../../../collector/recorder.ts';\nexport const r = record;`,
    /collector\/recorder/,
  ],
  [
    'collector/knows-the-server.ts',
    `import type { History } from '../server/application/ports.ts';\nexport type H = History;`,
    /application\/ports/,
  ],
  ['collector/parses.ts', `import { parse } from 'csv-parse';\nexport const p = parse;`, /csv-parse/],
  [
    'web/validates.ts',
    `import { unitSchema } from '../server/interfaces/http/schemas.ts';\nexport const s = unitSchema;`,
    /http\/schemas/,
  ],
  [
    'web/validates-beside-a-type.ts',
    `import type { UnitJson } from '../server/interfaces/http/schemas.ts';\nimport { unitSchema } from '../server/interfaces/http/schemas.ts';\nexport const s: [unknown, UnitJson?] = [unitSchema];`,
    /http\/schemas/,
  ],
  ['web/draws.ts', `import type { Data } from 'plotly.js-dist';\nexport type D = Data;`, /plotly/],
  ['web/reads-files.ts', `import { readFileSync } from 'node:fs';\nexport const r = readFileSync;`, /^fs$/],
  [
    'web/imports-nothing-there.ts',
    `import { x } from '../server/domain/missing.ts';\nexport const y = x;`,
    /missing/,
  ],
  [
    'web/takes-an-unlisted-package.ts',
    `import { build } from 'esbuild';\nexport const b = build;`,
    /esbuild/,
  ],
  [
    'server/domain/cycle-one.ts',
    `import type { Two } from './cycle-two.ts';\nexport type One = Two | 1;`,
    /cycle-two/,
  ],
];

/** The way back of the planted cycle. A cycle is reported once, at the file that is seen first. */
const accomplice = {
  'server/domain/cycle-two.ts': `import type { One } from './cycle-one.ts';\nexport type Two = One | 2;`,
};

describe('the import rules on a planted house', () => {
  let violations: ICruiseResult['summary']['violations'];

  beforeAll(async () => {
    const plants = Object.fromEntries(disorderly.map(([file, text]) => [file, text]));
    violations = (await cruise(openHouse({ ...orderly, ...accomplice, ...plants }))).summary.violations;
  });

  test('let an orderly house pass', async () => {
    const { summary, modules } = await cruise(openHouse(orderly));
    expect(modules.length).toBeGreaterThanOrEqual(Object.keys(orderly).length - 1);
    expect(summary.violations).toEqual([]);
  });

  test.each(disorderly)('refuse %s', (file, _text, target) => {
    const found = violations.filter((violation) => violation.from === file && target.test(violation.to));
    expect(found.map((violation) => violation.rule.severity)).toContain('error');
  });

  test('refuse nothing but what was planted', () => {
    const files = new Set(disorderly.map(([file]) => file));
    expect(violations.filter((violation) => !files.has(violation.from))).toEqual([]);
  });
});

describe('the compiler', () => {
  const files = {
    'plain.ts': `export const sum = [1, 2].reduce((a, b) => a + b, 0);`,
    'node.ts': `export const pid = process.pid;`,
    'browser.ts': `export const title = document.title;`,
  };

  /** The planted files under a part's own options, with the project's @types within reach. */
  async function compileAs(part: string): Promise<string[]> {
    const house = openHouse(files);
    const config = {
      extends: join(projectRoot, part, 'tsconfig.json'),
      compilerOptions: {
        composite: false,
        emitDeclarationOnly: false,
        noEmit: true,
        rootDir: house,
        typeRoots: [join(projectRoot, 'node_modules/@types')],
      },
      files: Object.keys(files),
      include: [],
      references: [],
    };
    writeFileSync(join(house, 'tsconfig.json'), JSON.stringify(config));
    const { output } = await runTool('typescript-7/bin/tsc', ['--pretty', 'false', '-p', house], house);
    return output.split('\n').filter((line) => line.includes('error'));
  }

  test('refuses Node and the DOM in server/domain', async () => {
    expect(await compileAs('server/domain')).toEqual([
      expect.stringMatching(/^browser\.ts.*'document'/),
      expect.stringMatching(/^node\.ts.*'process'/),
    ]);
  });

  test('gives server Node without the DOM, and web the DOM without Node', async () => {
    expect(await compileAs('server')).toEqual([expect.stringMatching(/^browser\.ts.*'document'/)]);
    expect(await compileAs('web')).toEqual([expect.stringMatching(/^node\.ts.*'process'/)]);
  });
});

test('no source file asks for a shell', () => {
  const shells = parts.flatMap(listSources).filter((source) => {
    return /\bshell\s*:\s*(?!false)/.test(readFileSync(join(projectRoot, source), 'utf8'));
  });
  expect(shells).toEqual([]);
});
