import { emitKeypressEvents } from 'node:readline';
import type { ScreenSize } from './layout.ts';
import type { Key } from './state.ts';

/** A terminal that this process has to itself, until it is given back as it was. */
export interface Screen {
  size(): ScreenSize;
  draw(lines: readonly string[]): void;
  /** Gives the terminal back; more than once is no harm. */
  close(): void;
}

interface Pressed {
  readonly name?: string;
  readonly ctrl?: boolean;
}

/** The other screen, without a cursor, without lines that wrap: a name may be wider than it says. */
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';
const HOME = '\x1b[H';
const TO_END_OF_LINE = '\x1b[K';
/** A terminal that does not tell. */
const USUAL: ScreenSize = { columns: 80, rows: 24 };

/** Whether somebody sits there: keys come from a terminal, and pictures go to one that can draw. */
export function hasScreen(): boolean {
  const { stdin, stdout, env } = process;
  return Boolean(stdin.isTTY && stdout.isTTY) && env.TERM !== 'dumb';
}

/** Takes the terminal. It is given back when this process ends by itself, too, whatever went wrong. */
export function openScreen(on: { key(key: Key): void; resize(): void }): Screen {
  const { stdin, stdout } = process;
  const press = (text: string | undefined, { name = '', ctrl = false }: Pressed) =>
    on.key({ name, text: text ?? '', isControl: ctrl });
  let isOpen = true;
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    process.off('exit', close);
    stdin.off('keypress', press);
    stdout.off('resize', on.resize);
    stdin.setRawMode(false);
    stdin.pause();
    stdout.write(LEAVE);
  };
  process.on('exit', close);
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.resume();
  stdin.on('keypress', press);
  stdout.on('resize', on.resize);
  stdout.write(ENTER);
  return {
    size: () => ({ columns: stdout.columns || USUAL.columns, rows: stdout.rows || USUAL.rows }),
    draw: (lines) => stdout.write(HOME + lines.map((line) => line + TO_END_OF_LINE).join('\r\n')),
    close,
  };
}
