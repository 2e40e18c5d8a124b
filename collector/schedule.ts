import { DAY_MS, HOUR_MS, MINUTE_MS } from '../server/domain/durations.ts';
import { parseDuration } from '../server/domain/units.ts';
import { assertOneLine, quoteForCron, quoteForSystemd, refused } from './schedule-words.ts';

/** Crontab lines and systemd units that record this host. Only text: nothing here touches the host. */

export const SCHEDULE_KINDS = ['cron', 'systemd', 'systemd-user'] as const;
export type ScheduleKind = (typeof SCHEDULE_KINDS)[number];

export interface ScheduleRequest {
  readonly kind: ScheduleKind;
  /** Absolute: neither cron nor systemd has the PATH of a login. */
  readonly node: string;
  readonly script: string;
  /** The dump folder, absolute; `null` where systemd is to choose it. */
  readonly out: string | null;
  /** As a person writes it; `null` is the default. */
  readonly interval: string | null;
}

export const UNIT_NAME = 'pid-memory-inspector';
export const UNIT_FILE = `${UNIT_NAME}.service`;
export const SERVER_UNIT_FILE = `${UNIT_NAME}-server.service`;

const DEFAULT_INTERVAL: Readonly<Record<ScheduleKind, string>> = {
  cron: '1m',
  systemd: '10s',
  'systemd-user': '10s',
};
const SHORTEST_MS = 10;

function readInterval(text: string): number {
  const ms = parseDuration(text);
  if (ms !== null && ms >= SHORTEST_MS && ms <= DAY_MS) return ms;
  throw refused(
    'interval',
    `--interval must be a time of 10ms to 24h, not '${text}'`,
    'Such as 10s, 1m or 1h',
  );
}

/** The first five fields of a crontab line. @throws MemoryInspectorError `bad_usage` */
function cronFields(text: string): string {
  const ms = readInterval(text);
  const minutes = ms / MINUTE_MS;
  const hours = ms / HOUR_MS;
  if (ms === DAY_MS) return '0 0 * * *';
  if (Number.isInteger(hours) && 24 % hours === 0) return hours === 1 ? '0 * * * *' : `0 */${hours} * * *`;
  if (Number.isInteger(minutes) && 60 % minutes === 0)
    return minutes === 1 ? '* * * * *' : `*/${minutes} * * * *`;
  const next = 'Take 1m, 2m, 3m, 4m, 5m, 6m, 10m, 12m, 15m, 20m, 30m, or whole hours that divide a day';
  throw refused('interval', `cron cannot run every ${text}`, next);
}

function cronLine({ node, script, out, interval }: ScheduleRequest): string {
  const every = interval ?? DEFAULT_INTERVAL.cron;
  const words = [
    node,
    script,
    '--once',
    '--quiet',
    '--interval',
    every,
    ...(out === null ? [] : ['--out', out]),
  ];
  assertOneLine(words);
  return `${cronFields(every)} ${words.map(quoteForCron).join(' ')}\n`;
}

function execStart({ kind, node, script, out, interval }: ScheduleRequest): string {
  const every = interval ?? DEFAULT_INTERVAL[kind];
  readInterval(every);
  const words = [node, script, '--quiet', '--interval', every];
  assertOneLine([...words, out ?? '']);
  const folder = out === null ? DUMP_FOLDER : quoteForSystemd(out);
  return `ExecStart=:${[...words.map(quoteForSystemd), '--out', folder].join(' ')}`;
}

/** Others fail rather than kill: Node asks for pkey_alloc as it starts, which the set leaves out (systemd 252). */
const SYSTEM_CALLS = ['SystemCallFilter=@system-service', 'SystemCallErrorNumber=EPERM'];

/** What is forbidden to whomever runs it, privileges or none. */
const HARDENING = [
  'NoNewPrivileges=yes',
  'LockPersonality=yes',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'SystemCallArchitectures=native',
  ...SYSTEM_CALLS,
];

/**
 * What needs a name space of mounts, or a capability to drop. A user's manager has neither without a name space of
 * users (PrivateUsers=), in which every other user is "nobody". /proc stays whole: it is what is recorded.
 */
const SYSTEM_HARDENING = [
  'ProtectSystem=strict',
  'ProtectHome=read-only',
  'PrivateTmp=yes',
  'PrivateDevices=yes',
  'PrivateNetwork=yes',
  'ProtectClock=yes',
  'ProtectControlGroups=yes',
  'ProtectKernelLogs=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelTunables=yes',
  'ProtectHostname=yes',
];

/** In the units' state folder; sessions have theirs beside it. */
const DUMP_FOLDER = `%S/${UNIT_NAME}/time`;

const STATE_LINES = [`StateDirectory=${UNIT_NAME}`, 'StateDirectoryMode=0750'];

/** Another folder than systemd's own has to be opened for writing where all are closed. */
function folderLines(out: string | null, isSystem: boolean): readonly string[] {
  if (out === null) return STATE_LINES;
  return isSystem ? [`ReadWritePaths=${quoteForSystemd(out)}`] : [];
}

/**
 * A process that hangs is started anew: it says each half minute that it does not. Killed at once: an abort would leave a
 * core dump with the commands of all users in it.
 */
const RESTART = [
  'Type=exec',
  'Restart=on-failure',
  'RestartSec=10',
  'WatchdogSec=60',
  'WatchdogSignal=SIGKILL',
  'NotifyAccess=all',
];

const COMMON = [...RESTART, 'UMask=0027', 'MemoryMax=256M', 'TasksMax=32', 'Nice=5'];

const SYSTEM_LINES = [
  `User=${UNIT_NAME}`,
  'CapabilityBoundingSet=CAP_SYS_PTRACE',
  'AmbientCapabilities=CAP_SYS_PTRACE',
  ...SYSTEM_HARDENING,
];

const HEADS: Readonly<Record<'systemd' | 'systemd-user', readonly string[]>> = {
  systemd: [
    `# /etc/systemd/system/${UNIT_FILE}`,
    '# Its user, whose group may read the dumps:',
    `#   useradd --system --user-group --no-create-home --shell /usr/sbin/nologin ${UNIT_NAME}`,
    `# Then: systemctl daemon-reload && systemctl enable --now ${UNIT_NAME}`,
  ],
  'systemd-user': [
    `# ~/.config/systemd/user/${UNIT_FILE}`,
    `# Then: systemctl --user daemon-reload && systemctl --user enable --now ${UNIT_NAME}`,
  ],
};

function unitText(request: ScheduleRequest, kind: 'systemd' | 'systemd-user'): string {
  const isSystem = kind === 'systemd';
  return [
    ...HEADS[kind],
    '',
    '[Unit]',
    'Description=PID Memory Inspector: records the memory of this host',
    '',
    '[Service]',
    execStart(request),
    ...COMMON,
    ...folderLines(request.out, isSystem),
    ...(isSystem ? SYSTEM_LINES : []),
    'RestrictAddressFamilies=AF_UNIX',
    ...HARDENING,
    '',
    '[Install]',
    `WantedBy=${isSystem ? 'multi-user.target' : 'default.target'}`,
    '',
  ].join('\n');
}

/** @throws MemoryInspectorError `bad_usage` */
export function formatSchedule(request: ScheduleRequest): string {
  return request.kind === 'cron' ? cronLine(request) : unitText(request, request.kind);
}

export interface ServerUnitRequest {
  readonly node: string;
  /** `pmi.js`, absolute. */
  readonly script: string;
  /** The dump folder, absolute; `null`: where the recorder's unit puts it. */
  readonly dumps: string | null;
  readonly port: number;
}

/** A user's unit that serves what the user's recorder records. @throws MemoryInspectorError `bad_usage` */
export function formatServerUnit({ node, script, dumps, port }: ServerUnitRequest): string {
  assertOneLine([node, script, dumps ?? '']);
  const folder = dumps === null ? DUMP_FOLDER : quoteForSystemd(dumps);
  const words = [quoteForSystemd(node), quoteForSystemd(script), 'serve', '--dumps', folder, '--port', port];
  return [
    `# ~/.config/systemd/user/${SERVER_UNIT_FILE}`,
    '',
    '[Unit]',
    'Description=PID Memory Inspector: serves what is recorded, at a port of this host',
    `After=${UNIT_FILE}`,
    '',
    '[Service]',
    `ExecStart=:${words.join(' ')}`,
    ...RESTART,
    'UMask=0027',
    'MemoryMax=1G',
    ...folderLines(dumps, false),
    'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6',
    ...HARDENING,
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n');
}
