import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { openConnections } from '../../../../server/adapters/history/connections.ts';

test('questions wait for a connection, and too many are refused as busy', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const pool = await openConnections(instance, { connections: 2, waiting: 1 });
  const doors: (() => void)[] = [];
  const wait = () => pool.use(() => new Promise<void>((resolve) => doors.push(resolve)));
  const open = [wait(), wait()];
  const waiting = pool.use(async (connection) => (await connection.runAndReadAll('SELECT 1')).getRows());
  await expect(wait()).rejects.toMatchObject({ code: 'busy' });
  for (const door of doors) door();
  await Promise.all(open);
  expect(await waiting).toEqual([[1]]);
  await expect(pool.use(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await Promise.all([pool.use(async () => 1), pool.use(async () => 2)]);
  pool.close();
  instance.closeSync();
});
