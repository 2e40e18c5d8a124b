import { MemoryInspectorError } from '../../domain/errors.ts';

/** JSON that a person has written: what is wrong is told by line and column. */

/** Whether no end could make JSON of what a text begins with. V8 tells no place for all that is wrong. */
function isHopeless(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return false;
  } catch (error) {
    const { message } = error as SyntaxError;
    const place = /at position (\d+)/.exec(message)?.[1];
    return !message.startsWith('Unexpected end') && Number(place ?? -1) !== beginning.length;
  }
}

/** Offset of the first character that cannot stand where it does; the end, where something is missing there. */
function faultOf(text: string): number {
  let [good, bad] = [0, text.length + 1];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isHopeless(text.slice(0, middle))) bad = middle;
    else good = middle;
  }
  return good;
}

/** @throws MemoryInspectorError `bad_file` with the position */
export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const at = faultOf(text);
    const before = text.slice(0, at).split('\n');
    const found = at < text.length ? `unexpected ${JSON.stringify(text[at])}` : 'the text ends too early';
    throw new MemoryInspectorError('bad_file', `not JSON: ${found}`, {
      position: { file, line: before.length, column: Buffer.byteLength(before.at(-1) ?? '') + 1 },
    });
  }
}
