import type { LiveSampler } from '../../../application/live-ports.ts';
import type { WatchGroup } from '../../../domain/watch-group.ts';
import { openPacer } from '../pacer.ts';
import type { TopFrame } from './frame.ts';
import { openTopFrames } from './frame.ts';
import type { TopLook } from './layout.ts';
import { plainLines, screenLines } from './layout.ts';
import { openScreen } from './screen.ts';
import type { Key, TopState } from './state.ts';
import { afterKey, visibleProcesses } from './state.ts';

/** `pmi top` along time: on a screen until it is quit, or as text for so many frames. */

/** PSS is read of those that are asked for, in turn: of a tree the heaviest, of a list by PSS or swap all. */
const MOST_MEASURED = 100;
const NOBODY: ReadonlySet<number> = new Set();

function askedFor({ processes }: TopFrame, state: TopState): ReadonlySet<number> {
  const isByMeasure = state.sort === 'pss' || state.sort === 'swap';
  const asked = isByMeasure ? processes : visibleProcesses(processes, state).slice(0, MOST_MEASURED);
  return new Set(asked.map(({ pid }) => pid));
}

export interface TopRun {
  readonly sampler: LiveSampler;
  readonly look: TopLook;
  readonly first: TopState;
  readonly groups: readonly WatchGroup[];
  readonly stopped: Promise<void>;
}

/** @param count frames; `null`: until it is stopped */
export async function printFrames(
  { sampler, look, first, groups, stopped }: TopRun,
  count: number | null,
  print: (text: string) => void,
): Promise<void> {
  const frameOf = openTopFrames(groups);
  let last = frameOf(await sampler.read(NOBODY));
  const pacer = openPacer(look.intervalSeconds * 1000, stopped);
  for (let frame = 0; count === null || frame < count; frame++) {
    if (frame > 0 && !(await pacer.next())) return;
    last = frameOf(await sampler.read(askedFor(last, first)));
    const lines = plainLines(last, first, look);
    print(`${frame > 0 ? '\n' : ''}${lines.join('\n')}\n`);
  }
}

/** Draws until `q`, Ctrl-C or a signal. The terminal is given back whatever happens. */
export async function showTop(
  { sampler, look, first, groups, stopped }: TopRun,
  hasColour: boolean,
): Promise<void> {
  const frameOf = openTopFrames(groups);
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
    const visible = visibleProcesses(frame.processes, state);
    const next = afterKey(state, key, { visible, groups: groups.map(({ name }) => name) });
    if (next === null) return quit();
    state = next;
    draw();
  };
  const screen = openScreen({ key: onKey, resize: draw });
  try {
    const pacer = openPacer(look.intervalSeconds * 1000, Promise.race([stopped, isQuit]));
    do {
      if (!state.isPaused) frame = frameOf(await sampler.read(askedFor(frame, state)));
      draw();
    } while (await pacer.next());
  } finally {
    screen.close();
  }
}
