import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openUserNames, parsePasswd } from '../../../collector/sources/user-names.ts';
import { temporaryFolder } from '../fake-proc.ts';

describe('the passwd file', () => {
  test('names users by number; the first entry of a number counts; other lines are passed over', () => {
    const text =
      '# a comment\n+::::::\nroot:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/root:/bin/sh\nbad:x:many:0\n\nlast:x:7:7';
    expect([...parsePasswd(Buffer.from(text))]).toEqual([
      [0, 'root'],
      [7, 'last'],
    ]);
  });

  test('with a name in Latin-1 does not break a line of a dump', () => {
    expect(parsePasswd(Buffer.from('m\xfcller:x:5:5::/:\n', 'latin1')).get(5)).toBe('m\\xfcller');
  });

  test('is read again when it changes, and numbers stand for users that it does not name', () => {
    const path = join(temporaryFolder(), 'passwd');
    writeFileSync(path, 'ann:x:1000:1000::/:\n');
    const users = openUserNames(path);
    users.refresh();
    expect([users.nameOf(1000), users.nameOf(1001)]).toEqual(['ann', '1001']);
    writeFileSync(path, 'ann:x:1000:1000::/:\nbob:x:1001:1001::/:\n');
    utimesSync(path, 1, 1);
    users.refresh();
    expect([users.nameOf(1000), users.nameOf(1001)]).toEqual(['ann', 'bob']);
    rmSync(path);
    users.refresh();
    expect(users.nameOf(1000)).toBe('1000');
  });
});
