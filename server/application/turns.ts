/** How work is spread over time: turns of the event loop, lanes, one after the other. */

/** More than there are threads, so that none waits; few, so that the newest days come first. */
const LANES = 4;

export async function inLanes<Task, Result>(
  tasks: readonly Task[],
  run: (task: Task) => Promise<Result>,
): Promise<Result[]> {
  const left = tasks.values();
  const results: Result[] = [];
  async function lane(): Promise<void> {
    for (const task of left) results.push(await run(task));
  }
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Runs `task` again and again, one at a time; what is asked for meanwhile is one more time. */
export function inTurn(task: () => Promise<void>, onFailure: (error: unknown) => void): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let isQueued = false;
  return () => {
    if (isQueued) return running;
    isQueued = true;
    running = running
      .then(() => {
        isQueued = false;
        return task();
      })
      .catch(onFailure);
    return running;
  };
}
