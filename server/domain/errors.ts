import { displayText, escapeText } from './text-notation.ts';

/**
 * Every way in which the product may fail that a caller is expected to handle. The list is closed:
 * each edge (HTTP, command line) maps all of it, and the compiler refuses an edge that forgets one.
 */
export const ERROR_CODES = [
  'bad_parameter',
  'bad_usage',
  'no_process_dumps',
  'no_system_dumps',
  'unknown_timestamp',
  'unknown_host',
  'no_data_for_pid',
  'process_gone',
  'process_changed',
  'analysis_off',
  'not_permitted',
  'no_such_session',
  'session_exists',
  'session_state',
  'no_such_group',
  'no_such_route',
  'method_not_allowed',
  'not_json',
  'too_large',
  'host_refused',
  'origin_refused',
  'token_missing',
  'unsafe_bind',
  'port_in_use',
  'cannot_read',
  'cannot_write',
  'folder_refused',
  'source_unavailable',
  'bad_file',
  'busy',
  'too_many_clients',
  'client_gone',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Where in a file something is wrong. Lines and columns count from 1, columns in bytes. */
export interface FilePosition {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
}

export interface ErrorDetails {
  /** The parameter or flag that is at fault. */
  readonly field?: string;
  readonly position?: FilePosition;
  /** What the reader can do next, one sentence. */
  readonly next?: string;
  readonly cause?: unknown;
  /** More for a machine to read, carried into the problem document. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** An expected failure: a closed code, a sentence for a person, and where known the field or file position. */
export class MemoryInspectorError extends Error {
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly position: FilePosition | undefined;
  readonly next: string | undefined;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'MemoryInspectorError';
    this.code = code;
    this.field = details.field;
    this.position = details.position;
    this.next = details.next;
    this.extra = details.extra ?? {};
  }
}

/** `file:line:column`, as every reject and data error is printed. File names are escaped: others chose them. */
export function formatPosition({ file, line, column }: FilePosition): string {
  return [displayText(escapeText(file)), line, column].filter((part) => part !== null).join(':');
}

/** A place in a structure, as `members[0].name`. */
export function formatFieldPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    const name = String(key);
    if (/^\d+$/.test(name)) return `${text}[${name}]`;
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

/** The code of a failed system call, such as ENOENT; of anything else its text. */
export function errorCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
