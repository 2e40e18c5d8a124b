/** Many read at once, one changes alone: who reads sees the state before a change or the one after. */
export interface Gate {
  read<T>(use: () => Promise<T>): Promise<T>;
  /** Waits for those that read; who comes later waits for it. */
  change<T>(use: () => Promise<T>): Promise<T>;
}

export function openGate(): Gate {
  let changing: Promise<unknown> = Promise.resolve();
  const reading = new Set<Promise<unknown>>();
  return {
    async read(use) {
      for (let seen = null as unknown; seen !== changing; ) {
        seen = changing;
        await changing;
      }
      const running = use();
      const settled = running.catch(() => undefined);
      reading.add(settled);
      void settled.then(() => reading.delete(settled));
      return running;
    },
    change(use) {
      const changed = changing.then(async () => {
        await Promise.all(reading);
        return use();
      });
      changing = changed.catch(() => undefined);
      return changed;
    },
  };
}
