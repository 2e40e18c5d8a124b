/** A page that is asked for again and again must not cost more than a fiftieth of the time. */
const SHARE = 50;
const SHORTEST_MS = 1000;

/** What `read` gives, asked anew when it is older than fifty times what it took; askers at the same time share it. */
export function remember<T>(
  read: () => Promise<T>,
  now: () => number = () => performance.now(),
): () => Promise<T> {
  let last: Promise<T> | undefined;
  let until = 0;

  async function readTimed(): Promise<T> {
    const began = now();
    try {
      return await read();
    } finally {
      const ended = now();
      until = ended + Math.max(SHORTEST_MS, (ended - began) * SHARE);
    }
  }

  return () => {
    if (last && now() < until) return last;
    until = Number.POSITIVE_INFINITY;
    last = readTimed();
    return last;
  };
}
