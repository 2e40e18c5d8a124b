import { COMMAND_MODES } from '../server/domain/command-mode.ts';
import { HOUR_MS } from '../server/domain/durations.ts';
import { MemoryInspectorError } from '../server/domain/errors.ts';
import { parseDuration } from '../server/domain/units.ts';
import { COST_FLAGS } from './cost-flags.ts';
import { RETENTION_FLAGS } from './retention-flags.ts';
import { PROCESS_SOURCES } from './take-sample.ts';

/** What the recorder can be told, once: parsing, checking and `--help` follow from this table. */
interface FlagBase {
  readonly short?: string;
  readonly help: string;
}
interface SwitchFlag extends FlagBase {
  readonly kind: 'switch';
}
interface ValueFlag extends FlagBase {
  readonly kind: 'time' | 'count' | 'text' | 'choice';
  /** How `--help` names the value. */
  readonly value: string;
  readonly default?: string;
  readonly choices?: readonly string[];
  /** Times are in ms. */
  readonly smallest?: number;
  readonly largest?: number;
}
export type Flag = SwitchFlag | ValueFlag;

const SHORTEST_INTERVAL_MS = 10;
const LONGEST_INTERVAL_MS = 24 * HOUR_MS;

export const FLAGS = {
  once: { kind: 'switch', help: 'take one sample and leave (for cron)' },
  interval: {
    kind: 'time',
    value: 'TIME',
    default: '10s',
    smallest: SHORTEST_INTERVAL_MS,
    largest: LONGEST_INTERVAL_MS,
    help: 'time between samples: 500ms, 10s, 5m, 1h; 10ms or more',
  },
  count: { kind: 'count', value: 'N', smallest: 1, help: 'leave after N samples' },
  duration: { kind: 'time', value: 'TIME', smallest: 1, help: 'leave after this time' },
  out: { kind: 'text', value: 'DIR', default: 'dumps/time', help: 'where dumps go' },
  format: {
    kind: 'choice',
    value: 'FORMAT',
    choices: ['v2', 'seed'],
    default: 'v2',
    help: 'v2, or seed: whole MiB, local time, no start times',
  },
  source: {
    kind: 'choice',
    value: 'SOURCE',
    choices: PROCESS_SOURCES,
    default: 'procfs',
    help: 'procfs, or ps for exactly what ps tells',
  },
  'cmd-mode': {
    kind: 'choice',
    value: 'MODE',
    choices: COMMAND_MODES,
    default: 'redacted',
    help: 'of commands: redacted (secrets masked), full, argv0, none',
  },
  'max-cmd': {
    kind: 'count',
    value: 'N',
    smallest: 1,
    help: 'most characters of a command; what is cut ends in \\…',
  },
  ...RETENTION_FLAGS,
  ...COST_FLAGS,
  label: { kind: 'text', value: 'TEXT', help: 'a name for the recording, kept in each dump' },
  quiet: { kind: 'switch', short: 'q', help: 'print nothing but errors' },
  help: { kind: 'switch', short: 'h', help: 'show this' },
} as const satisfies Readonly<Record<string, Flag>>;

export type FlagName = keyof typeof FLAGS;

export function badUsage(name: string, message: string): MemoryInspectorError {
  return new MemoryInspectorError('bad_usage', message, { field: `--${name}`, next: 'See --help' });
}

function isWithin(value: number, { smallest = 0, largest = Number.MAX_SAFE_INTEGER }: ValueFlag): boolean {
  return value >= smallest && value <= largest;
}

function timeWord(ms: number): string {
  if (ms >= HOUR_MS && ms % HOUR_MS === 0) return `${ms / HOUR_MS}h`;
  return ms >= 1000 && ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** ` of 10ms to 24h`; nothing where there is no longest. */
function rangeOf(flag: Flag): string {
  if (flag.kind !== 'time' || flag.largest === undefined) return '';
  return ` of ${timeWord(flag.smallest ?? 0)} to ${timeWord(flag.largest)}`;
}

/** `10s` → 10000. @throws MemoryInspectorError `bad_usage` */
export function readTime(name: FlagName, text: string): number {
  const flag: Flag = FLAGS[name];
  const ms = parseDuration(text);
  if (flag.kind === 'time' && ms !== null && isWithin(ms, flag)) return ms;
  throw badUsage(name, `--${name} must be a time${rangeOf(flag)}, such as 500ms, 10s or 5m, not '${text}'`);
}

/** @throws MemoryInspectorError `bad_usage` */
export function readCount(name: FlagName, text: string): number {
  const flag: Flag = FLAGS[name];
  const count = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (flag.kind === 'count' && isWithin(count, flag)) return count;
  const { smallest = 0, largest } = flag.kind === 'switch' ? {} : flag;
  const range = largest === undefined ? `from ${smallest}` : `from ${smallest} to ${largest}`;
  throw badUsage(name, `--${name} must be a whole number ${range}, not '${text}'`);
}

/** @throws MemoryInspectorError `bad_usage` */
export function readChoice<Choice extends string>(
  name: FlagName,
  choices: readonly Choice[],
  text: string,
): Choice {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw badUsage(name, `--${name} must be ${choices.join(' or ')}, not '${text}'`);
}

function helpLine([name, flag]: readonly [string, Flag]): string {
  const short = flag.short === undefined ? '    ' : `-${flag.short}, `;
  const value = flag.kind === 'switch' ? '' : ` ${flag.value}`;
  const standard = flag.kind !== 'switch' && flag.default !== undefined ? ` (${flag.default})` : '';
  return `  ${short}${`--${name}${value}`.padEnd(18)} ${flag.help}${standard}`;
}

export function describeFlags(): string {
  return Object.entries(FLAGS).map(helpLine).join('\n');
}
