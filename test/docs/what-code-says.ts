import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ALERT_KIND_IDS, ALERT_KINDS, DEFAULT_ALERT_RULES } from '../../server/domain/alert-rule.ts';
import { processColumns } from '../../server/domain/dump-format.ts';
import { ERROR_CODES } from '../../server/domain/errors.ts';
import { LEDGER_PARTS, ledgerPartName } from '../../server/domain/ledger.ts';
import { REGION_CLASSES } from '../../server/domain/memory-regions.ts';
import type { MetricSource } from '../../server/domain/metric.ts';
import { STORED_PROCESS_METRICS } from '../../server/domain/metrics.ts';
import { REGION_RULES } from '../../server/domain/region-rules.ts';
import { EXAMPLE_CONFIG } from '../../server/interfaces/cli/commands/config.ts';
import { EXIT_CODE } from '../../server/interfaces/cli/exit-codes.ts';
import { runCommandLine } from '../../server/interfaces/cli/main.ts';
import type { World } from '../../server/interfaces/cli/world.ts';
import { STATUS_OF } from '../../server/interfaces/http/problems.ts';
import { configSchema } from '../../server/interfaces/http/schemas/config.ts';
import { markdownTable } from './blocks.ts';

/** The text of every generated block, made from the code that it is about. */

export interface DescribedRoute {
  readonly summary?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly schema: { readonly default?: unknown };
  }[];
}
/** By path, then by method. */
export type DescribedRoutes = Readonly<Record<string, Readonly<Record<string, DescribedRoute>>>>;

const code = (text: string | number) => `\`${text}\``;

/** The commands and their help, as `pmi --help` lists them. */
export async function listCommands(): Promise<readonly (readonly [string, string])[]> {
  let help = '';
  const world = {
    out(text: string) {
      help += text;
    },
  };
  await runCommandLine(world as World, ['--help']);
  return [...help.matchAll(/^ {2}(\w+) +(\S.*)$/gm)].map(([, name, text]) => [name, text] as const);
}

function sourceText(source: MetricSource): string {
  if (source.file === 'passwd') return 'owner of /proc/PID, passwd database';
  if ('field' in source) return `/proc/PID/${source.file}, field ${source.field}`;
  return 'key' in source ? `/proc/PID/${source.file}, ${source.key}` : `/proc/PID/${source.file}`;
}

function processColumnsTable(): string {
  const seed = new Map(processColumns('seed').map(({ id, name }) => [id, name]));
  return markdownTable(
    ['Column', 'Required', 'Seed format', 'Source', 'Meaning'],
    STORED_PROCESS_METRICS.map(({ id, help, stored }) => [
      code(stored.column),
      stored.required ? 'yes' : '',
      seed.has(id) ? code(seed.get(id) ?? '') : '',
      sourceText(stored.source),
      help,
    ]),
  );
}

function metricsTable(): string {
  return markdownTable(
    ['Field', 'Column', 'Unit', 'Meaning'],
    STORED_PROCESS_METRICS.map(({ id, unit, help, stored }) => [code(id), code(stored.column), unit, help]),
  );
}

function routesTable(routes: DescribedRoutes): string {
  const nameOf = ({ name, schema }: { name: string; schema: { default?: unknown } }) =>
    code(schema.default === undefined ? name : `${name}=${schema.default}`);
  return markdownTable(
    ['Route', 'What it answers', 'Parameters'],
    Object.entries(routes).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { summary = '', parameters = [] }]) => [
        code(`${method.toUpperCase()} ${path}`),
        summary,
        parameters.map(nameOf).join(' '),
      ]),
    ),
  );
}

function ledgerTable(): string {
  return markdownTable(
    ['Part', 'In series', 'Meaning'],
    LEDGER_PARTS.map(({ id, help }) => [ledgerPartName(id), code(`${id}_bytes`), help]),
  );
}

function regionsTable(): string {
  return markdownTable(
    ['Class', 'Letter', 'What it is', 'Rule; the first that holds decides'],
    REGION_RULES.map(({ class: id, rule }) => {
      const { letter = '', help = '' } = REGION_CLASSES.find((one) => one.id === id) ?? {};
      return [code(id), code(letter), help, rule];
    }),
  );
}

const EXPORTED = /\/\*\* ([\s\S]*?) \*\/\nexport (?:async )?function (\w+)\(([\s\S]*?)\): ([^{]+) \{/g;

/** What a program imports, by its own doc comments. */
function analysisApi(): string {
  const source = readFileSync(join(import.meta.dirname, '../../server/analysis.ts'), 'utf8');
  const text = source.slice(source.indexOf('function askOf'));
  return markdownTable(
    ['Function', 'Parameters', 'Gives', 'What'],
    [...text.matchAll(EXPORTED)].map(([, help, name, parameters, type]) => [
      code(name),
      parameters.trim() === '' ? '' : code(parameters.trim().replace(/,$/, '').replace(/\s+/g, ' ')),
      code(type),
      help.replace(/\s*\n \* /g, ' '),
    ]),
  );
}

function errorsTable(): string {
  return markdownTable(
    ['Code', 'HTTP status', 'Exit code'],
    ERROR_CODES.map((name) => [code(name), STATUS_OF[name], EXIT_CODE[name]]),
  );
}

interface JsonSchema {
  readonly description?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly required?: readonly string[];
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** The JSON Schema of the configuration file, as docs/config.schema.json has it. */
export function configJsonSchema(): JsonSchema {
  return z.toJSONSchema(configSchema) as JsonSchema;
}

/** Every key of a schema by its path, a list's items as `[]`. */
export function keysOf(schema: JsonSchema, path = ''): readonly (readonly [string, JsonSchema, boolean])[] {
  if (schema.items) return keysOf(schema.items, `${path}[]`);
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const own = path === '' ? name : `${path}.${name}`;
    return [[own, inner, schema.required?.includes(name) ?? false] as const, ...keysOf(inner, own)];
  });
}

function configTable(): string {
  const typeOf = ({ type, minItems, maxItems }: JsonSchema) =>
    maxItems === undefined ? (type ?? '') : `${type} of ${minItems} to ${maxItems}`;
  return markdownTable(
    ['Key', 'Type', 'Needed', 'Meaning'],
    keysOf(configJsonSchema()).map(([path, schema, isNeeded]) => [
      ...[code(path), typeOf(schema), isNeeded ? 'yes' : ''],
      schema.description ?? schema.items?.description ?? '',
    ]),
  );
}

function exampleText(): string {
  return ['```json', JSON.stringify(EXAMPLE_CONFIG, null, 2), '```'].join('\n');
}

function alertKindsTable(): string {
  const list = (fields: readonly string[]) => fields.map(code).join(', ');
  return markdownTable(
    ['Kind', 'Alarms when', 'Needs', 'Takes'],
    ALERT_KIND_IDS.map((kind) => {
      const { help, needs, takes } = ALERT_KINDS[kind];
      return [code(kind), help, list(needs), list(takes)];
    }),
  );
}

function defaultRulesText(): string {
  return ['```json', JSON.stringify({ alert_rules: DEFAULT_ALERT_RULES }, null, 2), '```'].join('\n');
}

/** Block name → its text. */
export async function whatCodeSays(routes: DescribedRoutes): Promise<ReadonlyMap<string, string>> {
  const commands = (await listCommands()).map(([name, help]) => [code(`pmi ${name}`), help]);
  return new Map([
    ['commands', markdownTable(['Command', 'What it does'], commands)],
    ['metrics', metricsTable()],
    ['process-columns', processColumnsTable()],
    ['routes', routesTable(routes)],
    ['ledger', ledgerTable()],
    ['errors', errorsTable()],
    ['config', configTable()],
    ['config-example', exampleText()],
    ['alert-kinds', alertKindsTable()],
    ['alert-defaults', defaultRulesText()],
    ['regions', regionsTable()],
    ['analysis-api', analysisApi()],
  ]);
}
