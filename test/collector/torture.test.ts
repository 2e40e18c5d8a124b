import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { effort } from '../support/effort.ts';
import { churn } from '../torture/collector/churn.ts';
import { killBeforeEachCall } from '../torture/collector/exact-kills.ts';
import { failForReal } from '../torture/collector/full-disk.ts';
import { failEachCall } from '../torture/collector/injected-errors.ts';
import { contendAcrossNamespaces } from '../torture/collector/locks.ts';
import { hide, tryUmasks } from '../torture/collector/surroundings.ts';
import type { Outcome, Programs } from '../torture/collector/target.ts';
import { missingOf, openPrograms } from '../torture/collector/target.ts';

/** Short forms of `make torture-collector`, where what they need is present. */

let programs: Programs;

beforeAll(async () => {
  programs = await openPrograms();
});

afterAll(() => programs.remove());

interface Short {
  readonly name: string;
  readonly needs: readonly string[];
  readonly run: (programs: Programs) => Promise<Outcome>;
}

const SHORT_FORMS: readonly Short[] = [
  {
    name: 'the system calls of a dump are in the order that survives a power cut, and kill -9 before some leaves no torn pair',
    needs: ['strace'],
    run: (them) => killBeforeEachCall(them, ({ name }) => name === 'rename' || name === 'fsync'),
  },
  {
    name: 'a quota that is used up, told by the kernel, leaves nothing partial',
    needs: ['strace'],
    run: (them) => failEachCall(them, effort(1, 2), ['EDQUOT']),
  },
  {
    name: 'a full and a read-only file system leave nothing partial, and the recording resumes',
    needs: ['unshare', 'nsenter', 'root'],
    run: failForReal,
  },
  {
    name: 'the lock holds between PID and network namespaces',
    needs: ['unshare', 'root'],
    run: contendAcrossNamespaces,
  },
  {
    name: 'pids that are given out again and again do not mix processes',
    needs: ['unshare', 'bash', 'root'],
    run: (them) => churn(them, 3, 0),
  },
  { name: 'modes do not depend on the umask', needs: [], run: tryUmasks },
  {
    name: 'PID namespace, hidepid=2 and no privileges give a whole pair of what may be seen',
    needs: ['unshare', 'setpriv', 'root'],
    run: hide,
  },
];

describe.runIf(process.platform === 'linux')('in earnest', () => {
  for (const { name, needs, run } of SHORT_FORMS) {
    const missing = missingOf(needs);
    const title = missing.length === 0 ? name : `${name} (skipped: needs ${missing.join(', ')})`;
    test.skipIf(missing.length > 0)(
      title,
      async () => {
        const { figures, faults } = await run(programs);
        console.log(figures);
        expect(faults).toEqual([]);
      },
      180_000,
    );
  }
});
