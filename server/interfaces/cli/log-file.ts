import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { errorCodeOf, MemoryInspectorError } from '../../domain/errors.ts';

/** A log that lines are added to, one write each. */
export interface LogFile {
  /** @throws MemoryInspectorError `cannot_write` */
  add(line: string): void;
  close(): void;
}

/** Owner and group: it names what runs here. */
const MODE = 0o640;

function refused(path: string, error: unknown): MemoryInspectorError {
  return new MemoryInspectorError('cannot_write', `Cannot write ${path}: ${errorCodeOf(error)}`, {
    field: 'log',
    next: 'Name another file with --log.',
    cause: error,
  });
}

/** @param isEmptied what it held goes @throws MemoryInspectorError `cannot_write` */
export function openLogFile(path: string, isEmptied: boolean): LogFile {
  const { O_WRONLY, O_CREAT, O_APPEND, O_TRUNC } = constants;
  const attempt = <T>(use: () => T): T => {
    try {
      return use();
    } catch (error) {
      throw refused(path, error);
    }
  };
  const flags = O_WRONLY | O_CREAT | O_APPEND | (isEmptied ? O_TRUNC : 0);
  const fd = attempt(() => openSync(path, flags, MODE));
  return {
    add: (line) => {
      attempt(() => writeSync(fd, `${line}\n`));
    },
    close: () => closeSync(fd),
  };
}
