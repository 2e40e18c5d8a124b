import type { RecorderStatus } from '../../../domain/recorder-status.ts';
import { formatBytes, formatDuration } from '../../../domain/units.ts';
import type { CommandHelp } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { DEFAULT_DUMPS, dumpsOf } from '../serve-options.ts';
import type { Command } from '../world.ts';

const HELP: CommandHelp = {
  usage: 'pmi status [--dumps DIR] [--json]',
  summary:
    'Whether a folder of dumps is being recorded into: its recorder, the age and cost of the last sample, gaps of the\n' +
    'last day, disk use. Exit code 0 where recording is alive, 1 where it is not.',
  flags: [
    {
      name: 'dumps',
      value: 'DIR',
      help: `Folder of dumps; else the environment's DUMPS_DIR, else ${DEFAULT_DUMPS}.`,
    },
    { name: 'json', help: 'JSON.' },
  ],
  examples: [
    'pmi status',
    'pmi status --dumps /var/lib/pid-memory-inspector || systemctl status pid-memory-inspector',
  ],
};

const UNKNOWN = 'unknown';
const MOST_GAPS = 5;

function recorderText({ alive, holder }: RecorderStatus): string {
  if (holder)
    return `${alive ? 'alive' : 'NOT alive'}: process ${holder.pid} holds the folder since ${holder.since}`;
  return alive ? 'alive: one sample a run (no process holds the folder now)' : 'NOT alive';
}

function sampleText({ last_sample, age_seconds, interval_seconds }: RecorderStatus): string {
  if (last_sample === null) return 'none';
  const interval = interval_seconds === null ? UNKNOWN : `${interval_seconds} s`;
  return `${last_sample}, ${formatDuration(age_seconds)} ago; interval ${interval}`;
}

function costText({ cost }: RecorderStatus): string {
  const share = cost.cpu_share === null ? UNKNOWN : `${(cost.cpu_share * 100).toFixed(2)} % of a CPU`;
  const memory = cost.rss_bytes === null ? UNKNOWN : formatBytes(cost.rss_bytes);
  const overrun = cost.overrun_seconds === null ? UNKNOWN : `${cost.overrun_seconds} s`;
  return `CPU ${share}, RSS ${memory}, overrun ${overrun}`;
}

function gapsText({ gaps }: RecorderStatus): string {
  if (gaps.length === 0) return 'none in the last day';
  const shown = gaps
    .slice(-MOST_GAPS)
    .map(({ from, to, seconds }) => `${from} to ${to} (${formatDuration(seconds)})`);
  return `${gaps.length} in the last day: ${shown.join(', ')}`;
}

function diskText({ disk, days_until_full }: RecorderStatus): string {
  const rate = disk.bytes_per_day === null ? UNKNOWN : `${formatBytes(disk.bytes_per_day)} a day`;
  const days = days_until_full === null ? UNKNOWN : String(Math.floor(days_until_full));
  const use = `${disk.dumps} dumps, ${formatBytes(disk.bytes)}, ${rate}`;
  return `${use}; ${formatBytes(disk.free_bytes)} free; days until full: ${days} (if nothing were removed)`;
}

function statusText(status: RecorderStatus): string {
  const lines: readonly (readonly [string, string])[] = [
    ['recording', recorderText(status)],
    ['last sample', sampleText(status)],
    ['cost', costText(status)],
    ['gaps', gapsText(status)],
    ['disk', diskText(status)],
  ];
  return lines.map(([name, text]) => `${name.padEnd(12)} ${text}\n`).join('');
}

export const statusCommand: Command = async (world, argv) => {
  const flags = parseFlags(argv, HELP.flags, 'status');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  const status = await world.recorderStatus(dumpsOf(flags, world));
  world.out(flags.has('json') ? `${JSON.stringify(status, null, 2)}\n` : statusText(status));
  return status.alive ? 0 : 1;
};
