import { withRoom } from './grow.ts';

/** The lives of one host in one stretch, as columns; a life is an index. */
export interface DayLives {
  count: number;
  pid: Float64Array;
  /** `NaN`: weakly identified. */
  startTicks: Float64Array;
  /** Index of the boot id; −1 for weak ones. */
  boot: Int32Array;
  /** Epoch ms in which a weak life began; `NaN` for the others. */
  since: Float64Array;
  /** The life of the same pid that came before, −1: none. */
  older: Int32Array;
  /** By the pid's slot: the life that came last, −1: none. */
  readonly newest: number[];
}

export function openDayLives(): DayLives {
  return {
    count: 0,
    pid: new Float64Array(0),
    startTicks: new Float64Array(0),
    boot: new Int32Array(0),
    since: new Float64Array(0),
    older: new Int32Array(0),
    newest: [],
  };
}

function makeRoom(lives: DayLives): void {
  const length = lives.count + 1;
  lives.pid = withRoom(lives.pid, length);
  lives.startTicks = withRoom(lives.startTicks, length);
  lives.boot = withRoom(lives.boot, length);
  lives.since = withRoom(lives.since, length);
  lives.older = withRoom(lives.older, length);
}

function addLife(
  lives: DayLives,
  slot: number,
  pid: number,
  startTicks: number,
  boot: number,
  since: number,
): number {
  makeRoom(lives);
  const life = lives.count++;
  lives.pid[life] = pid;
  lives.startTicks[life] = startTicks;
  lives.boot[life] = boot;
  lives.since[life] = since;
  lives.older[life] = lives.newest[slot] ?? -1;
  lives.newest[slot] = life;
  return life;
}

/** The life of a pid that started so many ticks after a boot. */
export function strongLife(
  lives: DayLives,
  slot: number,
  pid: number,
  startTicks: number,
  boot: number,
): number {
  let life = lives.newest[slot] ?? -1;
  while (life >= 0 && (lives.startTicks[life] !== startTicks || lives.boot[life] !== boot))
    life = lives.older[life];
  return life >= 0 ? life : addLife(lives, slot, pid, startTicks, boot, Number.NaN);
}

/** The life of a pid that is known only to have been there since then. */
export function weakLife(lives: DayLives, slot: number, pid: number, since: number): number {
  let life = lives.newest[slot] ?? -1;
  while (life >= 0 && lives.since[life] !== since) life = lives.older[life];
  return life >= 0 ? life : addLife(lives, slot, pid, Number.NaN, -1, since);
}
