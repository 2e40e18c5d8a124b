import { AsyncLocalStorage } from 'node:async_hooks';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { MemoryInspectorError } from '../../domain/errors.ts';

/** A few connections for many questions: each has one at a time, the others wait, and not without end. */
export interface Connections {
  /** @throws MemoryInspectorError `busy` where too many wait already, `client_gone` where nobody waits any more */
  use<T>(ask: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
  /** As `use`, on one that is free now: who has one already must not wait for another. `null`: none is. */
  useFree<T>(ask: (connection: DuckDBConnection) => Promise<T>): Promise<T> | null;
  /** As `useFree`, for what no question asks: as many more may be asked as if it were not there. */
  useSpare<T>(ask: (connection: DuckDBConnection) => Promise<T>): Promise<T> | null;
  close(): void;
}

/** What a question reads by. */
export interface Reader {
  readonly connection: DuckDBConnection;
  /** Asks while `connection` is busy, on another one if that is free: a connection has one thread. */
  beside<T>(ask: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
}

export interface ConnectionLimits {
  readonly connections: number;
  /** How many may ask at once; connections beyond them are for what is read beside. */
  readonly questions: number;
  readonly waiting: number;
}

const wanted = new AsyncLocalStorage<AbortSignal | null>();

/** What is asked within `ask`, however deep, is given up when the signal says so. */
export function whileWanted<T>(signal: AbortSignal, ask: () => T): T {
  return wanted.run(signal, ask);
}

function nobodyWaits(): MemoryInspectorError {
  return new MemoryInspectorError('client_gone', 'Nobody waits for the answer any more');
}

interface Waiter {
  take(connection: DuckDBConnection): void;
}

interface Pool {
  readonly free: DuckDBConnection[];
  readonly queue: Waiter[];
  readonly limits: ConnectionLimits;
  /** Questions that have a connection. */
  asking: number;
}

/** A connection for one more question, where there is one and not too many ask already. */
function admit(pool: Pool): DuckDBConnection | undefined {
  const connection = pool.asking < pool.limits.questions ? pool.free.pop() : undefined;
  if (connection) pool.asking++;
  return connection;
}

function take(pool: Pool, signal: AbortSignal | null | undefined): Promise<DuckDBConnection> {
  const { queue, limits } = pool;
  if (signal?.aborted) throw nobodyWaits();
  const connection = admit(pool);
  if (connection) return Promise.resolve(connection);
  if (queue.length >= limits.waiting)
    throw new MemoryInspectorError('busy', 'Too many questions at once', {
      next: 'Ask again in a few seconds.',
    });
  return new Promise((resolve, reject) => {
    const leave = () => {
      queue.splice(queue.indexOf(waiter), 1);
      reject(nobodyWaits());
    };
    const waiter: Waiter = {
      take(one) {
        signal?.removeEventListener('abort', leave);
        resolve(one);
      },
    };
    signal?.addEventListener('abort', leave, { once: true });
    queue.push(waiter);
  });
}

function giveBack(pool: Pool, connection: DuckDBConnection): void {
  pool.free.push(connection);
  const next = pool.queue.length > 0 ? admit(pool) : undefined;
  if (next) pool.queue.shift()?.take(next);
}

async function askOn<T>(
  connection: DuckDBConnection,
  ask: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const signal = wanted.getStore();
  const interrupt = () => connection.interrupt();
  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    return await ask(connection);
  } catch (error) {
    throw signal?.aborted ? nobodyWaits() : error;
  } finally {
    signal?.removeEventListener('abort', interrupt);
  }
}

export async function openConnections(
  instance: DuckDBInstance,
  limits: ConnectionLimits,
): Promise<Connections> {
  const all = await Promise.all(Array.from({ length: limits.connections }, () => instance.connect()));
  const pool: Pool = { free: [...all], queue: [], limits, asking: 0 };
  const useFree: Connections['useFree'] = (ask) => {
    const connection = pool.free.pop();
    return connection ? askOn(connection, ask).finally(() => giveBack(pool, connection)) : null;
  };
  return {
    async use(ask) {
      const connection = await take(pool, wanted.getStore());
      try {
        return await askOn(connection, ask);
      } finally {
        pool.asking--;
        giveBack(pool, connection);
      }
    },
    useFree,
    useSpare(ask) {
      const isSpare = pool.free.length > limits.questions - pool.asking;
      // Whoever's question led to it may leave.
      return isSpare ? wanted.run(null, () => useFree(ask)) : null;
    },
    close() {
      for (const connection of all) connection.closeSync();
    },
  };
}
