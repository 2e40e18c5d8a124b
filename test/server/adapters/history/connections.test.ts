import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { openConnections, whileWanted } from '../../../../server/adapters/history/connections.ts';

test('questions wait for a connection, and too many are refused as busy', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const pool = await openConnections(instance, { questions: 2, connections: 2, waiting: 1 });
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

test('what nobody waits for any more is given up, running or waiting, and the connection serves on', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const pool = await openConnections(instance, { questions: 1, connections: 1, waiting: 1 });
  const leaving = new AbortController();
  const endless = 'SELECT sum(sqrt(a.i * b.i)) FROM range(10000000) AS a(i), range(10000000) AS b(i)';
  const ask = () => pool.use((connection) => connection.runAndReadAll(endless));
  const running = whileWanted(leaving.signal, ask);
  const waiting = whileWanted(leaving.signal, ask);
  const outcomes = Promise.allSettled([running, waiting]);
  setTimeout(() => leaving.abort(), 50);
  for (const outcome of await outcomes)
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'client_gone' } });
  await expect(whileWanted(leaving.signal, ask)).rejects.toMatchObject({ code: 'client_gone' });
  expect((await pool.use((connection) => connection.runAndReadAll('SELECT 1'))).getRows()).toEqual([[1]]);
  pool.close();
  instance.closeSync();
});

test('who has a connection gets another only if one is free, and never waits for it', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const pool = await openConnections(instance, { questions: 2, connections: 2, waiting: 1 });
  const others = await pool.use(async (own) => {
    const other = await pool.useFree(async (connection) => {
      expect(pool.useFree(async () => 'third')).toBeNull();
      return connection !== own;
    });
    return [other, await pool.useFree(async () => 'given back')];
  });
  expect(others).toEqual([true, 'given back']);
  await expect(pool.useFree(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await Promise.all([pool.use(async () => 1), pool.use(async () => 2)]);
  pool.close();
  instance.closeSync();
});

test('what no question asks takes no connection that one may need, and goes on when who led to it leaves', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const pool = await openConnections(instance, { questions: 2, connections: 3, waiting: 0 });
  const leaving = new AbortController();
  const spare = whileWanted(leaving.signal, () =>
    pool.useSpare(async (connection) => {
      expect(pool.useSpare(async () => 'second')).toBeNull();
      await Promise.all([pool.use(async () => 1), pool.use(async () => 2)]);
      leaving.abort();
      return (await connection.runAndReadAll('SELECT count(*)::INTEGER FROM range(1000000)')).getRows();
    }),
  );
  expect(await spare).toEqual([[1_000_000]]);
  await pool.use(async () => expect(pool.useSpare(async () => 'beside')).not.toBeNull());
  pool.close();
  instance.closeSync();
});

test('so many questions ask at once and no more; what they read beside has the connections that are left', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const pool = await openConnections(instance, { questions: 1, connections: 3, waiting: 1 });
  const order: string[] = [];
  const first = pool.use(async () => {
    const beside = [pool.useFree(async () => 'second'), pool.useFree(async () => 'third')];
    expect(pool.useFree(async () => 'fourth')).toBeNull();
    order.push('first', ...(await Promise.all(beside)).map(String));
  });
  await Promise.all([first, pool.use(async () => order.push('next'))]);
  expect(order).toEqual(['first', 'second', 'third', 'next']);
  pool.close();
  instance.closeSync();
});
