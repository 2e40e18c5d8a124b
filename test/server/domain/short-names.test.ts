import { describe, expect, test } from 'vitest';
import { longNameOf } from '../../../server/domain/short-names.ts';

describe('a process in a sentence', () => {
  test.for<[string | null, string | null, string]>([
    ['/usr/bin/redis-server', 'redis', 'redis-server 1'],
    ['postgres: checkpointer ', 'postgres', 'postgres 1 "checkpointer"'],
    [`x ${'a'.repeat(60)}`, 'x', `x 1 "${'a'.repeat(40)}…"`],
    ['evil \\x1b[2Jrm', 'evil', 'evil 1 "\\x1b[2Jrm"'],
    ['', 'kworker/0', 'kworker/0 1'],
    [null, null, 'process 1'],
  ])('%j, %j is called %s', ([cmd, comm, name]) => {
    expect(longNameOf({ pid: 1, cmd, comm })).toBe(name);
  });
});
