import { openPacer } from './pacer.ts';
import { cutToWidth, textWidth } from './text-width.ts';
import { hasScreen, openScreen } from './top/screen.ts';
import type { Key } from './top/state.ts';

/** A text that is shown again and again: in place on a terminal, one below the other in a pipe. */

export interface ShowAgain {
  /** What is to be shown now, in lines that are whole. */
  readonly read: () => Promise<string>;
  readonly intervalMs: number;
  /** How often; `null`: until it is stopped. */
  readonly count: number | null;
  readonly stopped: Promise<void>;
  readonly print: (text: string) => void;
}

/** A sentence goes on in the next line. What is aligned (more than one space) is a table: it is cut. */
function fitLine(line: string, width: number): readonly string[] {
  if (textWidth(line) <= width) return [line];
  if (line.includes('  ')) return [cutToWidth(line, width)];
  const lines = [''];
  for (const word of line.split(' ')) {
    const longer = `${lines[lines.length - 1]} ${word}`.trimStart();
    if (textWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(cutToWidth(word, width));
  }
  return lines;
}

function isQuit({ name, isControl }: Key): boolean {
  return name === 'q' || name === 'escape' || (isControl && name === 'c');
}

/** Prints each time; between what has several lines there is an empty one. */
async function printAgain({ read, intervalMs, count, stopped, print }: ShowAgain): Promise<void> {
  const pacer = openPacer(intervalMs, stopped);
  for (let turn = 0; count === null || turn < count; turn++) {
    if (turn > 0 && !(await pacer.next())) return;
    const text = await read();
    const isBlock = text.trimEnd().includes('\n');
    print(`${turn > 0 && isBlock ? '\n' : ''}${text}`);
  }
}

/** Draws until `q`, Esc, Ctrl-C or a signal. */
async function drawAgain({ read, intervalMs, stopped }: ShowAgain): Promise<void> {
  let text = await read();
  let quit = () => {};
  const isOver = new Promise<void>((resolve) => {
    quit = resolve;
  });
  const draw = () => {
    const { columns, rows } = screen.size();
    const lines = text
      .trimEnd()
      .split('\n')
      .flatMap((line) => fitLine(line, columns));
    screen.draw(Array.from({ length: rows }, (_, row) => lines[row] ?? ''));
  };
  const screen = openScreen({ key: (key) => isQuit(key) && quit(), resize: draw });
  try {
    const pacer = openPacer(intervalMs, Promise.race([stopped, isOver]));
    draw();
    while (await pacer.next()) {
      text = await read();
      draw();
    }
  } finally {
    screen.close();
  }
}

export function showAgain(what: ShowAgain): Promise<void> {
  return hasScreen() && what.count === null ? drawAgain(what) : printAgain(what);
}
