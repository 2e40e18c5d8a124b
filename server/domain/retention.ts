import { DAY_MS } from './durations.ts';
import { MemoryInspectorError } from './errors.ts';
import { formatBytes, formatDuration, parseBytes, parseDuration } from './units.ts';

/** How much of a recording is kept: by age, by size, and so that the disk never fills up. */

export interface RetentionLimits {
  /** Older than so many ms; `null`: for ever. */
  readonly keepMs: number | null;
  /** Most bytes of all dumps; `null`: any. */
  readonly maxBytes: number | null;
  readonly keepFree: FreeSpace | null;
}

/** What is to stay free on the file system: a share of it, and no more than `most` bytes of it. */
export interface FreeSpace {
  readonly share: number;
  readonly most: number;
}

const GIB = 1024 ** 3;

/** The share is capped: a twentieth of a large disk would be more than any recording takes. */
export const DEFAULT_RETENTION: RetentionLimits = {
  keepMs: 14 * DAY_MS,
  maxBytes: 2 * GIB,
  keepFree: { share: 0.05, most: 4 * GIB },
};

const OFF: ReadonlySet<string> = new Set(['forever', 'off', 'none', 'unlimited']);
const PERCENT = /^(\d{1,2}(?:\.\d{1,3})?) ?%$/;

export type RetentionFlag = 'keep' | 'max-bytes' | 'keep-free';

function refused(name: RetentionFlag, text: string, wanted: string): MemoryInspectorError {
  return new MemoryInspectorError('bad_usage', `--${name} must be ${wanted}, not '${text}'`, {
    field: `--${name}`,
    next: 'See --help',
  });
}

/** `14d`, `forever` → ms. @throws MemoryInspectorError `bad_usage` */
export function readKeep(text: string): number | null {
  if (OFF.has(text)) return null;
  const ms = parseDuration(text);
  if (ms !== null && ms > 0) return ms;
  throw refused('keep', text, 'a time such as 36h or 14d, or forever');
}

/** `2GiB`, `unlimited` → bytes. @throws MemoryInspectorError `bad_usage` */
export function readMaxBytes(text: string): number | null {
  if (OFF.has(text)) return null;
  const bytes = parseBytes(text);
  if (bytes !== null && bytes > 0) return bytes;
  throw refused('max-bytes', text, 'a size such as 500MB or 2GiB, or unlimited');
}

/** `5%`, `10GiB`, `off`. @throws MemoryInspectorError `bad_usage` */
export function readKeepFree(text: string): FreeSpace | null {
  if (OFF.has(text) || text === '0') return null;
  const percent = PERCENT.exec(text);
  if (percent) return { share: Number(percent[1]) / 100, most: Number.POSITIVE_INFINITY };
  const bytes = parseBytes(text);
  if (bytes !== null && bytes > 0) return { share: 1, most: bytes };
  throw refused('keep-free', text, 'a share such as 5%, a size such as 10GiB, or off');
}

/** The limits as they were asked for; `undefined` is the default. @throws MemoryInspectorError `bad_usage` */
export function readRetention(textOf: (name: RetentionFlag) => string | undefined): RetentionLimits {
  const [keep, maxBytes, keepFree] = [textOf('keep'), textOf('max-bytes'), textOf('keep-free')];
  return {
    keepMs: keep === undefined ? DEFAULT_RETENTION.keepMs : readKeep(keep),
    maxBytes: maxBytes === undefined ? DEFAULT_RETENTION.maxBytes : readMaxBytes(maxBytes),
    keepFree: keepFree === undefined ? DEFAULT_RETENTION.keepFree : readKeepFree(keepFree),
  };
}

/** Bytes. */
export interface DiskSpace {
  readonly total: number;
  /** What a user that is not root may still take. */
  readonly free: number;
}

/** How many bytes are to stay free. */
export function freeFloor({ keepFree }: RetentionLimits, { total }: DiskSpace): number {
  return keepFree === null ? 0 : Math.min(total * keepFree.share, keepFree.most);
}

export type RemovalReason = 'age' | 'bytes' | 'free';

export interface StoredDump {
  /** Epoch ms. */
  readonly t: number;
  /** On disk. */
  readonly bytes: number;
  readonly isProtected: boolean;
}

/** What decides about the next dump. It is brought up to date as dumps go. */
export interface StoreState {
  /** Epoch ms. */
  readonly now: number;
  /** Of all dumps, the protected ones too, and of the regions over time. */
  bytes: number;
  /** On the file system. */
  free: number;
  /** Of the file system. */
  readonly total: number;
  /** The instant of the newest: that one stays, whatever the limits. */
  readonly newest: number;
}

/** Why a dump is to go; `null`: it stays. */
export function removalReason(
  { t }: StoredDump,
  limits: RetentionLimits,
  state: StoreState,
): RemovalReason | null {
  if (limits.keepMs !== null && t < state.now - limits.keepMs) return 'age';
  if (limits.maxBytes !== null && state.bytes > limits.maxBytes) return 'bytes';
  return state.free < freeFloor(limits, state) ? 'free' : null;
}

/**
 * The dumps to remove, one by one, oldest first; whoever takes one has removed it when they ask for the next.
 * @param dumps by age, the oldest first
 */
export function* chooseRemovals<Dump extends StoredDump>(
  dumps: Iterable<Dump>,
  limits: RetentionLimits,
  state: StoreState,
): Generator<{ readonly dump: Dump; readonly reason: RemovalReason }> {
  for (const dump of dumps) {
    if (dump.t >= state.newest) return;
    if (dump.isProtected) continue;
    const reason = removalReason(dump, limits, state);
    if (reason === null) return;
    yield { dump, reason };
    state.bytes -= dump.bytes;
    state.free += dump.bytes;
  }
}

/** `14d`, not `14d 0h 0m 0s`. */
function shortDuration(ms: number): string {
  return formatDuration(ms / 1000).replace(/( 0[hms])+$/, '');
}

/** `older than 14d`: the limit that a dump went by, for a person. */
export function describeReason(reason: RemovalReason, limits: RetentionLimits, space: DiskSpace): string {
  if (reason === 'age') return `older than ${shortDuration(limits.keepMs ?? 0)}`;
  if (reason === 'bytes') return `more than ${formatBytes(limits.maxBytes)} of dumps`;
  return `less than ${formatBytes(freeFloor(limits, space))} free`;
}

export interface PrunedDump {
  /** A dump, or the regions over time of a day. */
  readonly kind: 'dump' | 'regions';
  /** Its system file, or what is there of it; the folder of the day. Relative to the dump folder. */
  readonly file: string;
  /** Epoch ms. */
  readonly t: number;
  readonly bytes: number;
  readonly reason: RemovalReason;
}

/** What was removed from a folder, or would be. */
export interface PruneReport {
  readonly pruned: readonly PrunedDump[];
  /** How many dumps there were. */
  readonly dumps: number;
  /** On disk, of the dumps and the regions over time. */
  readonly bytes: number;
  readonly protected: number;
  readonly space: DiskSpace;
}
