import type { LiveSampler } from '../../../application/live-ports.ts';
import { openPacer } from '../pacer.ts';
import { openTopFrames } from './frame.ts';
import type { TopLook } from './layout.ts';
import { plainLines, screenLines } from './layout.ts';
import { openScreen } from './screen.ts';
import type { Key, TopState } from './state.ts';
import { afterKey, visibleProcesses } from './state.ts';

/** `pmi top` along time: on a screen until it is quit, or as text for so many frames. */

/** All processes get their turn of PSS alike. */
const NOBODY: ReadonlySet<number> = new Set();

export interface TopRun {
  readonly sampler: LiveSampler;
  readonly look: TopLook;
  readonly first: TopState;
  readonly stopped: Promise<void>;
}

/** @param count frames; `null`: until it is stopped */
export async function printFrames(
  { sampler, look, first, stopped }: TopRun,
  count: number | null,
  print: (text: string) => void,
): Promise<void> {
  const frameOf = openTopFrames();
  const pacer = openPacer(look.intervalSeconds * 1000, stopped);
  for (let frame = 0; count === null || frame < count; frame++) {
    if (frame > 0 && !(await pacer.next())) return;
    const lines = plainLines(frameOf(await sampler.read(NOBODY)), first, look);
    print(`${frame > 0 ? '\n' : ''}${lines.join('\n')}\n`);
  }
}

/** Draws until `q`, Ctrl-C or a signal. The terminal is given back whatever happens. */
export async function showTop({ sampler, look, first, stopped }: TopRun, hasColour: boolean): Promise<void> {
  const frameOf = openTopFrames();
  let state = first;
  let frame = frameOf(await sampler.read(NOBODY));
  let quit = () => {};
  const isQuit = new Promise<void>((resolve) => {
    quit = resolve;
  });
  const draw = () => {
    const size = screen.size();
    screen.draw(screenLines(frame, state, { ...look, hasColour }, size));
  };
  const onKey = (key: Key) => {
    const next = afterKey(state, key, visibleProcesses(frame.processes, state));
    if (next === null) return quit();
    state = next;
    draw();
  };
  const screen = openScreen({ key: onKey, resize: draw });
  try {
    const pacer = openPacer(look.intervalSeconds * 1000, Promise.race([stopped, isQuit]));
    do {
      if (!state.isPaused) frame = frameOf(await sampler.read(NOBODY));
      draw();
    } while (await pacer.next());
  } finally {
    screen.close();
  }
}
