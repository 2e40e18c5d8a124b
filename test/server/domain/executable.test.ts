import fc from 'fast-check';
import { expect, test } from 'vitest';
import { executableOf } from '../../../server/domain/executable.ts';

test.each([
  ['/usr/bin/web --all', 'web'],
  ['web', 'web'],
  ['-bash', 'bash'],
  ['postgres: checkpointer', 'postgres'],
  ['nginx: worker process', 'nginx'],
  ['python3 /srv/app.py', 'python3'],
  ['./run -x /a/b', 'run'],
  ['/opt/a-b/-c: d', 'c'],
  ['(sd-pam)', '(sd-pam)'],
  ['/usr/bin/ x', 'comm'],
  [': x', 'comm'],
  [' leading', 'comm'],
  ['', 'comm'],
  [null, 'comm'],
])('%j runs %s', (cmd, program) => {
  expect(executableOf(cmd, 'comm')).toBe(program);
});

test('nothing is known of a process without command and name', () => {
  expect(executableOf(null, null)).toBe(null);
  expect(executableOf('', null)).toBe(null);
});

test('is a part of the first word, without a folder, or the name', () => {
  fc.assert(
    fc.property(fc.string(), (cmd) => {
      const program = executableOf(cmd, 'comm') ?? '';
      const [word] = cmd.split(' ');
      expect(program === 'comm' || (word.includes(program) && !program.includes('/'))).toBe(true);
    }),
  );
});
