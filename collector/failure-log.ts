import { MemoryInspectorError } from '../server/domain/errors.ts';
import { displayText, escapeText } from '../server/domain/text-notation.ts';
import { systemErrorCode } from './system-error.ts';

/** Tells of failed samples without flooding: a failure that goes on is told again only once a minute. */
export interface FailureLog {
  failed(error: unknown): void;
  succeeded(): void;
}

const REMINDER_MS = 60_000;

/** One line for a person: what is wrong and what to do. A bug comes with its stack, for the report. */
export function describeFailure(error: unknown): string {
  if (error instanceof MemoryInspectorError) {
    const line = error.next === undefined ? error.message : `${error.message}. ${error.next}.`;
    return displayText(escapeText(line));
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `this is a bug, please report it: ${stack}`;
}

/** What went wrong, without the name of the file: that is another one each time. */
function kindOf(error: unknown): string {
  if (error instanceof MemoryInspectorError) return `${error.code} ${systemErrorCode(error.cause)}`;
  return String(error);
}

/** @param monotonic a clock in ms */
export function openFailureLog(log: (line: string) => void, monotonic: () => number): FailureLog {
  let lastKind = '';
  let toldAt = 0;
  let failures = 0;
  return {
    failed(error) {
      const kind = kindOf(error);
      failures++;
      if (kind === lastKind && monotonic() - toldAt < REMINDER_MS) return;
      lastKind = kind;
      toldAt = monotonic();
      log(describeFailure(error));
    },
    succeeded() {
      if (failures > 0)
        log(`recording again after ${failures} failed ${failures === 1 ? 'sample' : 'samples'}`);
      failures = 0;
      lastKind = '';
    },
  };
}
