import { parseArgs } from 'node:util';
import { MemoryInspectorError } from '../../domain/errors.ts';

/** A command's flags as data: parsing and help derive from the same table. */
export interface Flag {
  readonly name: string;
  /** What stands for the value in help; absent for a switch. */
  readonly value?: string;
  readonly help: string;
  readonly default?: string;
  readonly multiple?: boolean;
}

export interface CommandHelp {
  readonly usage: string;
  readonly summary: string;
  readonly flags: readonly Flag[];
  readonly examples: readonly string[];
}

/** What was given: the last value of a flag, all values of one that may be repeated, `true` for a switch. */
export interface GivenFlags {
  text(name: string): string | undefined;
  all(name: string): readonly string[];
  has(name: string): boolean;
}

export const HELP_FLAG: Flag = { name: 'help', help: 'Show this text.' };

function usageError(error: unknown, command: string): MemoryInspectorError {
  const message = error instanceof Error ? error.message : String(error);
  return new MemoryInspectorError('bad_usage', message.split('. ', 1)[0], {
    next: `See pmi ${command} --help.`,
  });
}

/** `--ts -3m` → `--ts=-3m`: to the parser a value that begins with a dash is another flag. */
function joinNegative(argv: readonly string[], flags: readonly Flag[]): string[] {
  const takesValue = new Set(flags.filter((flag) => flag.value !== undefined).map(({ name }) => `--${name}`));
  const words: string[] = [];
  for (const word of argv) {
    const flag = words.at(-1) ?? '';
    if (/^-\d/.test(word) && takesValue.has(flag)) words[words.length - 1] = `${flag}=${word}`;
    else words.push(word);
  }
  return words;
}

/** @throws `bad_usage` naming the flag */
export function parseFlags(argv: readonly string[], flags: readonly Flag[], command: string): GivenFlags {
  const options = Object.fromEntries(
    [...flags, HELP_FLAG].map((flag) => [
      flag.name,
      {
        type: flag.value === undefined ? ('boolean' as const) : ('string' as const),
        multiple: true as const,
      },
    ]),
  );
  try {
    const { values } = parseArgs({ args: joinNegative(argv, flags), options, allowPositionals: false });
    const given = values as Readonly<Record<string, readonly (string | boolean)[] | undefined>>;
    return {
      text: (name) => given[name]?.at(-1)?.toString() ?? flags.find((flag) => flag.name === name)?.default,
      all: (name) => (given[name] ?? []).map(String),
      has: (name) => given[name] !== undefined,
    };
  } catch (error) {
    throw usageError(error, command);
  }
}

function flagLine({ name, value, help, default: fallback }: Flag, width: number): string {
  const left = `  --${name}${value === undefined ? '' : ` ${value}`}`;
  return `${left.padEnd(width)}  ${help}${fallback === undefined ? '' : ` (default ${fallback})`}`;
}

export function formatHelp({ usage, summary, flags, examples }: CommandHelp): string {
  const all = [...flags, HELP_FLAG];
  const width = Math.max(...all.map((flag) => flag.name.length + (flag.value?.length ?? -1) + 5));
  return [
    `Usage: ${usage}`,
    '',
    summary,
    '',
    'Options:',
    ...all.map((flag) => flagLine(flag, width)),
    '',
    'Examples:',
    ...examples.map((example) => `  ${example}`),
    '',
  ].join('\n');
}
