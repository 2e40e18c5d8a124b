import { MemoryInspectorError } from '../../domain/errors.ts';
import { LIVE } from '../../domain/live-point.ts';
import { isTimeZone, localTimeZone } from '../../domain/time-zone.ts';
import { parseDuration } from '../../domain/units.ts';
import { namingOf } from './environment.ts';
import type { Flag, GivenFlags } from './flags.ts';
import type { DumpSource, ServeOptions, World } from './world.ts';

/** The flags of every command that reads dumps, and of those that serve. */

export const DEFAULT_DUMPS = 'dumps/time';
const DEFAULT_PORT = '8000';

export const DUMPS_FLAG: Flag = {
  name: 'dumps',
  value: 'DIR',
  help: `Folder of dumps; else the environment's DUMPS_DIR, else ${DEFAULT_DUMPS}.`,
};

export const READ_FLAGS: readonly Flag[] = [
  DUMPS_FLAG,
  {
    name: 'tz',
    value: 'ZONE',
    help: "Zone of instants written without one, and of the predecessor's dumps; default this host's.",
  },
  {
    name: 'index',
    value: 'DIR',
    help: 'Folder of what was read before; default .index in the dump folder, else in the XDG cache.',
  },
];

/** For commands that look for a server. */
export const PORT_FLAG: Flag = {
  name: 'port',
  value: 'N',
  help: 'Port of the server.',
  default: DEFAULT_PORT,
};

export const CONFIG_FLAG: Flag = {
  name: 'config',
  value: 'FILE',
  help: 'Configuration with the watch groups; default ~/.config/pid-memory-inspector/config.json (XDG).',
};

export const SERVE_FLAGS: readonly Flag[] = [
  ...READ_FLAGS,
  CONFIG_FLAG,
  {
    name: 'keep-history',
    value: 'TIME',
    help: 'How long the index remembers days whose dumps are gone; forever keeps them.',
    default: '400d',
  },
  {
    name: 'live-interval',
    value: 'TIME',
    help: `Between two readings of this host for those who watch, ${LIVE.interval.min}s to ${LIVE.interval.max}s.`,
    default: `${LIVE.interval.default}s`,
  },
  { name: 'port', value: 'N', help: 'Port to listen on; 0 takes a free one.', default: DEFAULT_PORT },
  { name: 'host', value: 'H', help: 'Address to bind.', default: '127.0.0.1' },
  {
    name: 'allow-host',
    value: 'NAME',
    help: 'Another name that browsers may use for this server; may be repeated.',
    multiple: true,
  },
  {
    name: 'public-origin',
    value: 'URL',
    help: 'Where a TLS proxy offers this server (https://mem.example.com): its pages may watch live and change things.',
  },
  {
    name: 'token-file',
    value: 'FILE',
    help: 'File with a secret of at least 32 characters that every request must carry.',
  },
  {
    name: 'allow-analyze',
    help: 'Offer live analysis of processes on a non-loopback address or behind a proxy, too.',
  },
  { name: 'i-know-no-auth', help: 'Bind a non-loopback address without a token: everyone there can read.' },
];

export function dumpsOf(flags: GivenFlags, world: World): string {
  return flags.text('dumps') ?? world.env.DUMPS_DIR ?? DEFAULT_DUMPS;
}

/** @throws `bad_usage` */
export function zoneOf(flags: GivenFlags): string {
  const zone = flags.text('tz') ?? localTimeZone();
  if (isTimeZone(zone)) return zone;
  throw new MemoryInspectorError('bad_usage', `--tz: there is no zone ${zone}`, {
    field: 'tz',
    next: 'Write it as Europe/Berlin, UTC or +02:00.',
  });
}

/** @throws `bad_usage` */
export function sourceOf(flags: GivenFlags, world: World): DumpSource {
  return {
    dumps: dumpsOf(flags, world),
    naming: namingOf(world.env),
    zone: zoneOf(flags),
    index: flags.text('index'),
  };
}

/** @throws `bad_usage` */
export function portOf(flags: GivenFlags): number {
  const text = flags.text('port') ?? '';
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port < 65_536) return port;
  throw new MemoryInspectorError('bad_usage', `--port: ${text} is not a port`, {
    field: 'port',
    next: 'A port is 0 … 65535.',
  });
}

/** Of a server that is there: a port that is chosen at each start cannot be found again. @throws `bad_usage` */
export function knownPortOf(flags: GivenFlags): number {
  const port = portOf(flags);
  if (port > 0) return port;
  throw new MemoryInspectorError('bad_usage', '--port: 0 names no server', {
    field: 'port',
    next: 'Give the port that the server has, or shall have.',
  });
}

const SHORTEST_TOKEN = 32;

function tokenOf(flags: GivenFlags, world: World): string | null {
  const file = flags.text('token-file');
  if (file === undefined) return null;
  const token = world.readSecret(file).trim();
  if (token.length >= SHORTEST_TOKEN && /^[\w.~+/=-]+$/.test(token)) return token;
  throw new MemoryInspectorError('bad_usage', `--token-file: ${file} holds no usable token`, {
    field: 'token-file',
    next: 'Make one: (umask 077; head -c 32 /dev/urandom | base64 > FILE).',
  });
}

/** @throws `bad_usage` */
function publicOriginOf(flags: GivenFlags): string | null {
  const text = flags.text('public-origin');
  if (text === undefined) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin;
  throw new MemoryInspectorError('bad_usage', `--public-origin: ${text} is not an origin`, {
    field: 'public-origin',
    next: 'Write it as a browser shows it, without a path: https://mem.example.com, or https://mem.example.com:8443.',
  });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** Without a token only this host may read: anything else must be asked for by name. */
function refuseUnsafeBind(host: string, token: string | null, flags: GivenFlags, world: World): void {
  if (isLoopback(host)) {
    if (world.isRoot)
      world.err('pmi: running as root; an unprivileged user that can read the dumps is enough to serve.\n');
    return;
  }
  if (token === null && !flags.has('i-know-no-auth'))
    throw new MemoryInspectorError('unsafe_bind', `--host ${host} is open to others and has no token`, {
      field: 'host',
      next: 'Give --token-file FILE, or reach a loopback server by ssh -L, or insist with --i-know-no-auth.',
    });
  world.err(
    `pmi: ${host} is served over plain http; put a TLS proxy before it (--public-origin) or use ssh -L.\n`,
  );
}

/** @throws `bad_usage` */
function keepHistoryOf(flags: GivenFlags): number | null {
  const text = flags.text('keep-history') ?? '';
  if (text === 'forever') return null;
  const ms = parseDuration(text);
  if (ms !== null && ms > 0) return ms;
  throw new MemoryInspectorError('bad_usage', `--keep-history: ${text} is not a time`, {
    field: 'keep-history',
    next: 'Write it as 90d or 400d, or forever.',
  });
}

/** @throws `bad_usage` */
function liveIntervalOf(flags: GivenFlags): number {
  const { min, max } = LIVE.interval;
  const text = flags.text('live-interval') ?? '';
  const ms = parseDuration(text);
  if (ms !== null && ms >= min * 1000 && ms <= max * 1000) return ms;
  throw new MemoryInspectorError('bad_usage', `--live-interval: ${text} is not a time that it can be`, {
    field: 'live-interval',
    next: `Write it as 500ms or 2s, from ${min}s to ${max}s.`,
  });
}

/** Of `pmi serve`: what records beside it has to stay. */
export const IDLE_EXIT: Flag = {
  name: 'idle-exit',
  value: 'TIME',
  help: 'End when nobody has asked for anything, or watched, for so long; without it the server stays.',
};

/** @throws `bad_usage` */
function idleExitOf(flags: GivenFlags): number | null {
  const text = flags.text(IDLE_EXIT.name);
  if (text === undefined) return null;
  const ms = parseDuration(text);
  if (ms !== null && ms > 0) return ms;
  throw new MemoryInspectorError('bad_usage', `--idle-exit: ${text} is not a time`, {
    field: IDLE_EXIT.name,
    next: 'Write it as 5m or 90s.',
  });
}

/** @throws `bad_usage`, `unsafe_bind` */
export function serveOptions(flags: GivenFlags, world: World): ServeOptions {
  const host = flags.text('host') ?? '127.0.0.1';
  const token = tokenOf(flags, world);
  const publicOrigin = publicOriginOf(flags);
  const options = {
    ...sourceOf(flags, world),
    config: flags.text('config'),
    keepHistoryMs: keepHistoryOf(flags),
    port: portOf(flags),
    host,
    allowHosts: flags.all('allow-host'),
    publicOrigin,
    token,
    allowsAnalysis: (isLoopback(host) && publicOrigin === null) || flags.has('allow-analyze'),
    liveIntervalMs: liveIntervalOf(flags),
    idleExitMs: idleExitOf(flags),
  };
  refuseUnsafeBind(host, token, flags, world);
  if (publicOrigin !== null && token === null)
    world.err(`pmi: whoever ${publicOrigin} lets through may read and change: there is no --token-file.\n`);
  return options;
}
