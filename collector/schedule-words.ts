import { MemoryInspectorError } from '../server/domain/errors.ts';

/** Words of crontabs and unit files. */

export function refused(field: string, message: string, next: string): MemoryInspectorError {
  return new MemoryInspectorError('bad_usage', message, { field, next });
}

/** Neither a crontab nor a unit file can hold a line break in a word. */
export function assertOneLine(words: readonly string[]): void {
  const broken = words.find((word) => /[\n\r\0]/.test(word));
  if (broken === undefined) return;
  throw refused('out', 'a path has a line break in it', 'Choose another folder');
}

const PLAIN_WORD = /^[\w./:=@+-]+$/;

/** A word for sh. */
function quoteForShell(word: string): string {
  return PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** In a crontab a bare `%` is a line break. */
export function quoteForCron(word: string): string {
  return quoteForShell(word).replaceAll('%', '\\%');
}

/** In a unit file `%` begins a specifier; the line begins with `:`, so that `$` means nothing. */
export function quoteForSystemd(word: string): string {
  const text = word.replaceAll('%', '%%');
  return PLAIN_WORD.test(word) ? text : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
