import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { MemoryInspectorError } from '../../domain/errors.ts';

/** A few connections for many questions: each has one at a time, the others wait, and not without end. */
export interface Connections {
  /** @throws MemoryInspectorError `busy` where too many wait already */
  use<T>(ask: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
  close(): void;
}

export interface ConnectionLimits {
  readonly connections: number;
  readonly waiting: number;
}

export async function openConnections(
  instance: DuckDBInstance,
  { connections, waiting }: ConnectionLimits,
): Promise<Connections> {
  const all = await Promise.all(Array.from({ length: connections }, () => instance.connect()));
  const free = [...all];
  const queue: ((connection: DuckDBConnection) => void)[] = [];

  function take(): Promise<DuckDBConnection> {
    const connection = free.pop();
    if (connection) return Promise.resolve(connection);
    if (queue.length >= waiting)
      throw new MemoryInspectorError('busy', 'Too many questions at once', {
        next: 'Ask again in a few seconds.',
      });
    return new Promise((resolve) => queue.push(resolve));
  }

  function giveBack(connection: DuckDBConnection): void {
    const next = queue.shift();
    if (next) next(connection);
    else free.push(connection);
  }

  return {
    async use(ask) {
      const connection = await take();
      try {
        return await ask(connection);
      } finally {
        giveBack(connection);
      }
    },
    close() {
      for (const connection of all) connection.closeSync();
    },
  };
}
