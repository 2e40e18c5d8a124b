import { MemoryInspectorError } from './errors.ts';
import { formatInstant } from './stamp.ts';
import { GAP_FACTOR } from './timeline.ts';

/** A session: a named recording of the whole host at a finer interval, for a while. */

export const SESSION_STATES = ['recording', 'done', 'stopped', 'interrupted'] as const;
/** `interrupted`: nobody ended it, and it is over. */
export type SessionState = (typeof SESSION_STATES)[number];

/** Bounds and defaults, in seconds, for options, queries and pages. */
export const SESSION = {
  interval: { default: 1, min: 0.1, max: 60 },
  duration: { default: 1800, min: 1, max: 86_400 },
  /** Characters of a label. */
  label: 200,
} as const;

/** What is asked for. */
export interface SessionPlan {
  readonly name: string;
  /** A few words for a person. */
  readonly label: string | null;
  /** The watch group that is shown; the whole host is recorded. */
  readonly group: string | null;
  readonly interval_seconds: number;
  readonly duration_seconds: number;
}

export interface Session extends SessionPlan {
  /** Epoch ms; `ended`: `null` while nobody has ended it. */
  readonly started: number;
  readonly ended: number | null;
  readonly state: SessionState;
  /** Largest used memory; `null` is unknown. */
  readonly peak_used_bytes: number | null;
  /** What the recorder said last, one line. */
  readonly said: string | null;
}

/** What the folder of a session holds, and who records into it. */
export interface SessionTrace {
  readonly samples: number;
  readonly bytes: number;
  /** Epoch ms. */
  readonly last: number | null;
  readonly isHeld: boolean;
}

/** Whether somebody records into a folder, told without a look at each dump. */
export interface SessionPulse {
  readonly isHeld: boolean;
  /** When a dump was written last, epoch ms; `null`: not yet. */
  readonly written: number | null;
}

/** The file that makes a folder a session. */
export const SESSION_FILE = 'session.json';

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$/;
/** Words of the routes. */
const TAKEN_NAMES: readonly string[] = ['compare'];

export const SESSION_NAME_HELP =
  'A name is at most 60 letters, digits, dots, dashes and underscores, the first a letter or digit';

/** A name is one folder's, whatever a path would make of it. */
export function isSessionName(text: string): boolean {
  return NAME.test(text) && !TAKEN_NAMES.includes(text);
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** One line. */
export function isSessionLabel(text: string): boolean {
  return text.length <= SESSION.label && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text);
}

export function isWithin(value: unknown, { min, max }: { min: number; max: number }): value is number {
  return typeof value === 'number' && value >= min && value <= max;
}

/** When it ends by itself, epoch ms. */
export function plannedEnd({ started, duration_seconds }: Session): number {
  return started + duration_seconds * 1000;
}

/** How much before its time a recorder may leave: a failed sample costs a second, and the last is one interval early. */
const LEAVES_EARLY_MS = 2000;

/** Whether a recording whose recorder left, or took its last sample, at `t` had run for the time that was asked. */
export function isWhole(session: Session, t: number): boolean {
  return t >= plannedEnd(session) - Math.max(GAP_FACTOR * session.interval_seconds * 1000, LEAVES_EARLY_MS);
}

/** A recorder takes its folder within this time. */
const STARTS_WITHIN_MS = 10_000;

/** Seconds at its begin of which no sample is left, as where they made room on a full disk; 0: none worth telling. */
export function lostBegin(
  { started, interval_seconds }: { readonly started: string; readonly interval_seconds: number },
  firstSample: string,
): number {
  const seconds = (Date.parse(firstSample) - Date.parse(started)) / 1000;
  return seconds > GAP_FACTOR * interval_seconds + STARTS_WITHIN_MS / 1000 ? seconds : 0;
}

/** A session as it is now: one that says it records, where nobody does, has ended without saying so. */
export function settleSession(session: Session, trace: SessionTrace, now: number): Session {
  if (session.state !== 'recording' || trace.isHeld) return session;
  if (trace.samples === 0 && now - session.started < STARTS_WITHIN_MS) return session;
  const ended = trace.last ?? session.started;
  return { ...session, ended, state: isWhole(session, ended) ? 'done' : 'interrupted' };
}

export function encodeSession({ started, ended, ...session }: Session): string {
  const instants = { started: formatInstant(started), ended: ended === null ? null : formatInstant(ended) };
  return `${JSON.stringify({ ...session, ...instants }, null, 2)}\n`;
}

type Fields = Readonly<Record<string, unknown>>;

function readFields(text: string): Fields {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function instantOf(value: unknown): unknown {
  return typeof value === 'string' ? Date.parse(value) : value;
}

const isText = (value: unknown) => typeof value === 'string' && isSessionLabel(value);
const orNull = (is: (value: unknown) => boolean) => (value: unknown) => value === null || is(value);

const FIELDS: Readonly<Record<keyof Session, (value: unknown) => boolean>> = {
  name: (value) => isFilled(value) && isSessionName(value),
  label: orNull(isText),
  group: orNull(isFilled),
  interval_seconds: (value) => isWithin(value, SESSION.interval),
  duration_seconds: (value) => isWithin(value, SESSION.duration),
  started: Number.isFinite,
  ended: orNull(Number.isFinite),
  state: (value) => (SESSION_STATES as readonly unknown[]).includes(value),
  peak_used_bytes: orNull(Number.isFinite),
  said: orNull((value) => typeof value === 'string'),
};

/** @param file for messages @throws MemoryInspectorError `bad_file` naming the field */
export function decodeSession(text: string, file: string): Session {
  const bad = (reason: string, cause?: unknown) =>
    new MemoryInspectorError('bad_file', `${file}: ${reason}`, { cause });
  let fields: Fields;
  try {
    fields = readFields(text);
  } catch (error) {
    throw bad('is not JSON', error);
  }
  const { started, ended } = fields;
  const session: Fields = { ...fields, started: instantOf(started), ended: instantOf(ended) };
  const names = Object.keys(FIELDS) as (keyof Session)[];
  const wrong = names.find((name) => !FIELDS[name](session[name]));
  if (wrong !== undefined) throw bad(`${wrong} is missing or not valid`);
  return Object.fromEntries(names.map((name) => [name, session[name]])) as unknown as Session;
}
