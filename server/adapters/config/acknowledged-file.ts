import { readFileSync } from 'node:fs';
import type { Acknowledgement, AcknowledgementStore } from '../../application/alert-ports.ts';
import { errorCodeOf, MemoryInspectorError } from '../../domain/errors.ts';
import { replaceFile } from './replace-file.ts';

/** Which alerts somebody knows of, in a small file of ours. */

/** The newest stay. */
const MOST_KEPT = 100;

function isAcknowledgement(value: unknown): value is Acknowledgement {
  if (typeof value !== 'object' || value === null) return false;
  const { host, rule, t, at } = value as Readonly<Record<string, unknown>>;
  const areTexts = typeof host === 'string' && typeof rule === 'string';
  return areTexts && Number.isSafeInteger(t) && Number.isSafeInteger(at);
}

/** What is damaged counts as not there: it must not hide an alert, and the next one replaces it. */
function readList(file: string): readonly Acknowledgement[] {
  try {
    const list: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Array.isArray(list) ? list.filter(isAcknowledgement) : [];
  } catch (error) {
    if (error instanceof SyntaxError || errorCodeOf(error) === 'ENOENT') return [];
    throw new MemoryInspectorError('cannot_read', 'Cannot read which alerts are acknowledged', {
      next: `The system says ${errorCodeOf(error)}.`,
      cause: error,
    });
  }
}

function cannotWrite(error: unknown): unknown {
  if (error instanceof MemoryInspectorError) return error;
  return new MemoryInspectorError('cannot_write', 'Cannot keep that the alert is acknowledged', {
    next: `The system says ${errorCodeOf(error)}.`,
    cause: error,
  });
}

/** The file need not be there. */
export function openAcknowledgedFile(file: string): AcknowledgementStore {
  const change = async (to: (list: readonly Acknowledgement[]) => readonly Acknowledgement[]) => {
    try {
      await replaceFile(file, (target) => `${JSON.stringify(to(readList(target)), null, 2)}\n`);
    } catch (error) {
      throw cannotWrite(error);
    }
  };
  return {
    list: async () => readList(file),
    save: (one) => change((list) => [...list, one].slice(-MOST_KEPT)),
    remove: ({ host, rule, from, to }) =>
      change((list) =>
        list.filter((one) => one.host !== host || one.rule !== rule || one.t < from || one.t > to),
      ),
  };
}
