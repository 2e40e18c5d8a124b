/** Ticks at whole intervals from now on: what takes long moves none of those that follow. */
export interface Pacer {
  /** Waits for the next tick that is not past. @returns whether to go on: `false` when it was stopped */
  next(): Promise<boolean>;
}

/** @param intervalMs ms @param stopped resolves when there shall be no more ticks */
export function openPacer(intervalMs: number, stopped: Promise<void>): Pacer {
  const began = performance.now();
  let isStopped = false;
  let wake = () => {};
  void stopped.then(() => {
    isStopped = true;
    wake();
  });
  return {
    async next() {
      const elapsed = performance.now() - began;
      const wait = (Math.floor(elapsed / intervalMs) + 1) * intervalMs - elapsed;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, isStopped ? 0 : wait);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      return !isStopped;
    },
  };
}
