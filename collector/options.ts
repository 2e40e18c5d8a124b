import { parseArgs } from 'node:util';
import type { CommandRecording } from '../server/domain/command-mode.ts';
import { COMMAND_MODES } from '../server/domain/command-mode.ts';
import type { DumpFormat } from '../server/domain/dump-format.ts';
import { MemoryInspectorError } from '../server/domain/errors.ts';
import type { RetentionLimits } from '../server/domain/retention.ts';
import { readRetention } from '../server/domain/retention.ts';
import type { CostOptions } from './cost-options.ts';
import { readCostOptions } from './cost-options.ts';
import type { Flag } from './flags.ts';
import { badUsage, describeFlags, FLAGS, readChoice, readCount, readTime } from './flags.ts';
import type { ProcessSourceName } from './take-sample.ts';

export interface RecorderOptions {
  /** The dump folder; made when it is not there. */
  readonly out: string;
  readonly format: DumpFormat;
  readonly source: ProcessSourceName;
  /** One sample and no loop. */
  readonly once: boolean;
  /** `null` with `once` where nobody has said how often it is run. */
  readonly intervalMs: number | null;
  /** Leave after so many samples, or so many ms; `null`: never. */
  readonly count: number | null;
  readonly durationMs: number | null;
  readonly label: string | null;
  /** What is recorded of commands. */
  readonly commands: CommandRecording;
  /** How much is kept. */
  readonly retention: RetentionLimits;
  /** Whether process files are packed. */
  readonly gzip: boolean;
  /** What recording may cost. */
  readonly cost: CostOptions;
  readonly quiet: boolean;
}

/** What a command line asks for. */
export type RecorderRequest =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'record'; readonly options: RecorderOptions };

interface Words {
  readonly switches: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
}

const flags = Object.entries<Flag>(FLAGS);

const parserOptions = Object.fromEntries(
  flags.map(([name, flag]) => [
    name,
    {
      type: flag.kind === 'switch' ? ('boolean' as const) : ('string' as const),
      ...(flag.short === undefined ? {} : { short: flag.short }),
    },
  ]),
);

/** `Option '--count <value>' argument missing` → `--count` */
function flagIn(message: string): string {
  return /-{1,2}[\w-]+/.exec(message)?.[0] ?? '';
}

function refused(error: unknown): MemoryInspectorError {
  const message = error instanceof Error ? error.message : String(error);
  const [sentence] = message.split(/\. |\n/);
  const details = { field: flagIn(message), next: 'See --help', cause: error };
  return new MemoryInspectorError('bad_usage', sentence, details);
}

function readWords(argv: readonly string[]): Words {
  try {
    const { values } = parseArgs({ args: [...argv], options: parserOptions, strict: true });
    const given = Object.entries(values);
    return {
      switches: new Set(given.flatMap(([name, value]) => (value === true ? [name] : []))),
      values: new Map(
        given.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : [])),
      ),
    };
  } catch (error) {
    throw refused(error);
  }
}

function readOptional<Value>(text: string | undefined, read: (text: string) => Value): Value | null {
  return text === undefined ? null : read(text);
}

function refuseBeside(once: boolean, values: ReadonlyMap<string, string>): void {
  for (const name of ['count', 'duration'])
    if (once && values.has(name)) throw badUsage(name, `--${name} does not go with --once`);
}

function readFolder(text: string): string {
  if (text === '') throw badUsage('out', '--out must name a folder');
  return text;
}

function readOptions({ switches, values }: Words): RecorderOptions {
  const once = switches.has('once');
  refuseBeside(once, values);
  const wordOf = (name: 'out' | 'format' | 'source' | 'cmd-mode') => values.get(name) ?? FLAGS[name].default;
  const interval = values.get('interval') ?? (once ? undefined : FLAGS.interval.default);
  const intervalMs = readOptional(interval, (text) => readTime('interval', text));
  return {
    out: readFolder(wordOf('out')),
    once,
    format: readChoice('format', FLAGS.format.choices, wordOf('format')),
    source: readChoice('source', FLAGS.source.choices, wordOf('source')),
    intervalMs,
    count: readOptional(values.get('count'), (text) => readCount('count', text)),
    durationMs: readOptional(values.get('duration'), (text) => readTime('duration', text)),
    label: values.get('label') ?? null,
    commands: {
      mode: readChoice('cmd-mode', COMMAND_MODES, wordOf('cmd-mode')),
      longest: readOptional(values.get('max-cmd'), (text) => readCount('max-cmd', text)),
    },
    retention: readRetention((name) => values.get(name)),
    gzip: switches.has('gzip'),
    cost: readCostOptions(values, intervalMs),
    quiet: switches.has('quiet'),
  };
}

/** @param program how the reader calls it: `pmi collect`, `node dist/collector.js` */
export function recorderHelp(program: string): string {
  return `Usage: ${program} [options]

Records the memory of this host and of each of its processes, as plain CSV files.

Options (default):
${describeFlags()}

Examples:
  ${program}                                   every 10 seconds until Ctrl-C
  ${program} --interval 50ms --duration 30s    a short look at high rate
  ${program} --once --out /tmp/dumps           one sample
  * * * * * cd DIR && ${program} --once --interval 1m    a crontab line: every minute

Exit codes: 0 done, or another collector records there; 2 wrong usage; 3 a sample
could not be taken or written, or the folder is not safe; 70 a bug.
`;
}

/**
 * A command line → what to do.
 * @throws MemoryInspectorError `bad_usage`, naming the flag
 */
export function readRecorderRequest(argv: readonly string[], program: string): RecorderRequest {
  const words = readWords(argv);
  if (words.switches.has('help')) return { kind: 'help', text: recorderHelp(program) };
  return { kind: 'record', options: readOptions(words) };
}

/** The defaults, for those who start a recorder without a command line. */
export function defaultRecorderOptions(): RecorderOptions {
  return readOptions({ switches: new Set(), values: new Map() });
}
