/** The lives of one host in one stretch, as columns; a life is an index. */
export interface DayLives {
  count: number;
  readonly pid: number[];
  /** `NaN`: weakly identified. */
  readonly startTicks: number[];
  /** Index of the boot id; −1 for weak ones. */
  readonly boot: number[];
  /** Epoch ms in which a weak life began; `NaN` for the others. */
  readonly since: number[];
  /** The life of the same pid that came before, −1: none. */
  readonly older: number[];
  /** By the pid's slot: the life that came last, −1: none. */
  readonly newest: number[];
}

export function openDayLives(): DayLives {
  return { count: 0, pid: [], startTicks: [], boot: [], since: [], older: [], newest: [] };
}

function addLife(lives: DayLives, slot: number, pid: number): number {
  const life = lives.count++;
  lives.pid.push(pid);
  lives.older.push(lives.newest[slot] ?? -1);
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
  if (life >= 0) return life;
  lives.startTicks.push(startTicks);
  lives.boot.push(boot);
  lives.since.push(Number.NaN);
  return addLife(lives, slot, pid);
}

/** The life of a pid that is known only to have been there since then. */
export function weakLife(lives: DayLives, slot: number, pid: number, since: number): number {
  let life = lives.newest[slot] ?? -1;
  while (life >= 0 && lives.since[life] !== since) life = lives.older[life];
  if (life >= 0) return life;
  lives.startTicks.push(Number.NaN);
  lives.boot.push(-1);
  lives.since.push(since);
  return addLife(lives, slot, pid);
}
