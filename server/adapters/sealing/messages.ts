import type { FileDamage } from '../../application/dump-damage.ts';
import type { DumpPair } from '../../application/dump-ports.ts';
import type { SealResult, Stretch } from '../../application/sealing-ports.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import { MemoryInspectorError } from '../../domain/errors.ts';

/** What the pool and its threads say to each other. */

export interface WorkerSetup {
  /** The dump folder. */
  readonly dumps: string;
  readonly timeZone: string;
  readonly index: string;
  /** How much of a dump is taken in; see the dumps adapter. */
  readonly caps: Readonly<Record<string, number>>;
  /** There certainly is work: what threads need for it is loaded before it comes. */
  readonly isEager: boolean;
}

export type Job =
  | { readonly kind: 'sweep' }
  | { readonly kind: 'settle' }
  | { readonly kind: 'survey'; readonly pairs: readonly DumpPair[] }
  | { readonly kind: 'seal'; readonly stretch: Stretch };

/** A day of dumps by their place among the pairs that were asked about. */
export interface FoundDay {
  readonly date: string;
  readonly pairs: Int32Array;
  readonly unsealed: Int32Array;
  readonly isWhole: boolean;
  /** What could not be used of the others. */
  readonly damaged: readonly FileDamage[];
}

export interface JobResults {
  readonly sweep: undefined;
  readonly settle: undefined;
  readonly survey: readonly FoundDay[];
  readonly seal: SealResult;
}

export interface Order {
  readonly job: Job;
  /** One shared number; not 0: the job is to end. */
  readonly stop: Int32Array<SharedArrayBuffer>;
}

/** An error as it crosses between threads; its class does not. */
export interface Failure {
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly next: string | undefined;
  readonly stack: string | undefined;
}

export type Answer =
  | { readonly kind: 'progress'; readonly pairs: number; readonly rows: number }
  | { readonly kind: 'done'; readonly result: JobResults[Job['kind']] }
  | { readonly kind: 'failed'; readonly failure: Failure };

export function packError(error: unknown): Failure {
  const isExpected = error instanceof MemoryInspectorError;
  return {
    code: isExpected ? error.code : null,
    message: error instanceof Error ? error.message : String(error),
    next: isExpected ? error.next : undefined,
    stack: error instanceof Error ? error.stack : undefined,
  };
}

export function unpackError({ code, message, next, stack }: Failure): Error {
  if (code !== null) return new MemoryInspectorError(code, message, next === undefined ? {} : { next });
  const bug = new Error(message);
  if (stack !== undefined) bug.stack = stack;
  return bug;
}
