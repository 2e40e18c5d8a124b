import { parseArgs } from 'node:util';
import type { DumpFormat } from '../../server/domain/dump-format.ts';
import { parseDuration } from '../../server/domain/units.ts';

export const HELP = `demo-host: writes a recorded-looking history of a made-up host

  node dist/demo-host.js --out DIR [options]

  --out DIR          folder to write to; made where it does not exist
  --days N           length of the history (default 3)
  --interval TIME    time between samples: 30s, 2m (default 120s)
  --processes N      about so many processes (default 120)
  --seed N           another seed, another host; the same seed, the same bytes (default 1)
  --end INSTANT      the last sample, ISO 8601 (default 2026-03-04T06:00:00Z)
  --format FORMAT    v2 or seed (default v2)
  --help             this text
`;

export interface HistoryOptions {
  readonly days: number;
  readonly intervalSeconds: number;
  readonly processes: number;
  readonly seed: number;
  readonly end: number;
}

export interface DemoOptions extends HistoryOptions {
  readonly out: string;
  readonly format: DumpFormat;
}

export class UsageError extends Error {}

const FLAGS = {
  out: { type: 'string' },
  days: { type: 'string', default: '3' },
  interval: { type: 'string', default: '120s' },
  processes: { type: 'string', default: '120' },
  seed: { type: 'string', default: '1' },
  end: { type: 'string', default: '2026-03-04T06:00:00Z' },
  format: { type: 'string', default: 'v2' },
  help: { type: 'boolean', default: false },
} as const;

/** argv → options; `null` where the help is asked for. @throws UsageError */
export function parseOptions(args: readonly string[]): DemoOptions | null {
  const values = parseFlags(args);
  if (values.help) return null;
  if (!values.out) throw new UsageError('--out DIR is needed');
  return {
    out: values.out,
    days: numberOf('days', values.days, 0.01, 400),
    intervalSeconds: intervalOf(values.interval),
    processes: Math.round(numberOf('processes', values.processes, 1, 100_000)),
    seed: Math.round(numberOf('seed', values.seed, 0, 2 ** 32 - 1)),
    end: instantOf(values.end),
    format: formatOf(values.format),
  };
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function numberOf(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most))
    throw new UsageError(`--${flag} ${text}: expected a number from ${least} to ${most}`);
  return value;
}

function intervalOf(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === null || milliseconds < 1000 || milliseconds > 86_400_000)
    throw new UsageError(`--interval ${text}: expected 1s to 1d, such as 30s or 2m`);
  return milliseconds / 1000;
}

function instantOf(text: string): number {
  const t = Date.parse(text);
  if (Number.isNaN(t))
    throw new UsageError(`--end ${text}: expected an instant such as 2026-03-04T06:00:00Z`);
  return t;
}

function formatOf(text: string): DumpFormat {
  if (text !== 'v2' && text !== 'seed') throw new UsageError(`--format ${text}: expected v2 or seed`);
  return text;
}
