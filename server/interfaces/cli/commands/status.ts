import type { UseView } from '../../../application/activity.ts';
import type { RecorderStatus } from '../../../domain/recorder-status.ts';
import { CPU_BUDGET } from '../../../domain/recorder-status.ts';
import { formatBytes, formatDuration } from '../../../domain/units.ts';
import type { UseState } from '../../../domain/use-state.ts';
import type { FoundServer } from '../ask-server.ts';
import { serverState } from '../ask-server.ts';
import type { CommandHelp } from '../flags.ts';
import { formatHelp, parseFlags } from '../flags.ts';
import { DUMPS_FLAG, dumpsOf, PORT_FLAG, portOf } from '../serve-options.ts';
import { formatJson } from '../terminal-table.ts';
import type { Command } from '../world.ts';

const HELP: CommandHelp = {
  usage: 'pmi status [--dumps DIR] [--port N] [--json]',
  summary:
    'Whether a folder of dumps is being recorded into: its recorder, the age and cost of the last sample, gaps of the\n' +
    'last day, disk use; and whether a server answers at the port of this host. Exit code 0 where recording is alive, 1\n' +
    'where it is not.',
  flags: [DUMPS_FLAG, PORT_FLAG, { name: 'json', help: 'JSON.' }],
  examples: [
    'pmi status',
    'pmi status --dumps /var/lib/pid-memory-inspector/time || systemctl status pid-memory-inspector',
  ],
};

const UNKNOWN = 'unknown';
const MOST_GAPS = 5;

function holderText({ alive, holder }: RecorderStatus): string {
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
  const share =
    cost.cpu_share === null
      ? UNKNOWN
      : `${(cost.cpu_share * 100).toFixed(2)} % of a CPU (budget ${CPU_BUDGET * 100} %)`;
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

function formatLine([name, text]: readonly [string, string]): string {
  return `${name.padEnd(12)} ${text}\n`;
}

/** How recording goes, a line a fact. */
export function recorderText(status: RecorderStatus): string {
  const lines: readonly (readonly [string, string])[] = [
    ['recording', holderText(status)],
    ['last sample', sampleText(status)],
    ['cost', costText(status)],
    ['gaps', gapsText(status)],
    ['disk', diskText(status)],
  ];
  return lines.map(formatLine).join('');
}

const USE_TEXTS: Readonly<Record<UseState, string>> = {
  active_in_use: 'running, and in use',
  active_not_in_use: 'running; nobody uses it',
  active_persistent: 'running; nobody uses it, and it stays',
  inactive: 'running; monitoring was stopped',
  error: 'running; it cannot read this host',
};

function endText({ countdown_seconds: left }: UseView): string {
  return left === null ? '' : `, and it ends in ${formatDuration(left)} if nobody does`;
}

function foundText(found: FoundServer): string {
  if (found.kind === 'none') return 'none; pmi open starts one';
  if (found.kind === 'foreign') return 'something else answers, or nothing in time';
  if (!found.status) return 'running; it wants a token before it tells more';
  const { use } = found.status;
  return USE_TEXTS[use.status] + (use.status === 'active_not_in_use' ? endText(use) : '');
}

function serverText(found: FoundServer, port: number): string {
  const status = found.kind === 'ours' ? found.status : null;
  const more = status
    ? `: version ${status.version}, up for ${formatDuration(status.server.uptime_seconds)}, RSS ${formatBytes(status.server.rss_bytes)}, live clients ${status.clients.live}`
    : '';
  return `${foundText(found)} (port ${port})${more}`;
}

/** For machines: the predecessor's word, and what the server tells of itself where there is one. */
function serverView(found: FoundServer, port: number) {
  const status = found.kind === 'ours' ? found.status : null;
  return {
    port,
    state: serverState(found),
    version: status?.version ?? null,
    live_clients: status?.clients.live ?? null,
    idle_seconds: status?.use.idle_seconds ?? null,
    countdown_seconds: status?.use.countdown_seconds ?? null,
    ...(status ? { uptime_seconds: status.server.uptime_seconds, rss_bytes: status.server.rss_bytes } : {}),
  };
}

export const statusCommand: Command = async (world, argv) => {
  const flags = parseFlags(argv, HELP.flags, 'status');
  if (flags.has('help')) {
    world.out(formatHelp(HELP));
    return 0;
  }
  const port = portOf(flags);
  const [status, found] = await Promise.all([
    world.recorderStatus(dumpsOf(flags, world)),
    world.askServer(port),
  ]);
  world.out(
    flags.has('json')
      ? formatJson({ ...status, server: serverView(found, port) })
      : recorderText(status) + formatLine(['server', serverText(found, port)]),
  );
  return status.alive ? 0 : 1;
};
