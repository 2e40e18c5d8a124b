import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { executableOf, programOf } from '../../../server/domain/executable.ts';
import { chooseSubtrees, sumSubtrees } from '../../../server/domain/subtree-choice.ts';

/** A process with its own memory and its children. */
interface Planted {
  readonly name: string;
  readonly own: number;
  readonly cgroup?: string | null;
  readonly children?: readonly Planted[];
}

interface Flat {
  readonly planted: Planted;
  readonly size: number;
  readonly parent: number;
  readonly cgroup: string | null;
}

/** Depth first; a process is in the control group of its parent unless it says otherwise. */
function flatten(roots: readonly Planted[]): Flat[] {
  const rows: Flat[] = [];
  const add = (planted: Planted, parent: number, inherited: string | null): number => {
    const cgroup = planted.cgroup === undefined ? inherited : planted.cgroup;
    const row = rows.push({ planted, parent, cgroup, size: 1 }) - 1;
    const below = (planted.children ?? []).reduce((sum, child) => sum + add(child, row, cgroup), 0);
    rows[row] = { ...rows[row], size: 1 + below };
    return 1 + below;
  };
  for (const root of roots) add(root, -1, null);
  return rows;
}

function choose(...roots: readonly Planted[]): number[] {
  const rows = flatten(roots);
  return chooseSubtrees({
    subtreeProcesses: rows.map(({ size }) => size),
    mass: rows.map(({ planted }) => planted.own),
    executable: rows.map(({ planted }) => executableOf(planted.name, null)),
    program: rows.map(({ planted }) => programOf(planted.name, null)),
    cgroup: rows.map(({ cgroup }) => cgroup),
  });
}

function namesOf(...roots: readonly Planted[]): string[] {
  const rows = flatten(roots);
  return choose(...roots).map((row) => rows[row].planted.name);
}

const p = (name: string, own: number, ...children: readonly Planted[]): Planted => ({ name, own, children });
const inGroup = (cgroup: string, planted: Planted): Planted => ({ ...planted, cgroup });
const many = (count: number, name: (at: number) => string, own: number) =>
  Array.from({ length: count }, (_, at) => p(name(at), own));

const POSTGRES = p('/usr/bin/postgres -D /data', 20, ...many(9, (at) => `postgres: app ${at}`, 100));
const BUILD = p('make -j9', 2, ...many(9, (at) => `cc1 -quiet f${at}.c`, 300));

describe('a subtree that is one thing stays one', () => {
  test('a database with its backends', () => {
    expect(namesOf(p('/sbin/init', 10, inGroup('/db', POSTGRES), inGroup('/ssh', p('sshd', 5))))).toEqual([
      ...['/usr/bin/postgres -D /data', 'sshd'],
    ]);
  });

  test('a build with its compilers, below the shells that started it', () => {
    const shells = p('sshd: me', 3, p('-bash', 4, p('sh -c make', 1, BUILD)));
    expect(namesOf(p('/sbin/init', 10, inGroup('/session', shells)))).toEqual(['make -j9']);
  });

  test('a program that holds much itself, with its helpers', () => {
    const server = p('node server.js', 900, p('git gc', 300), p('convert a.png', 200));
    expect(namesOf(p('init', 1, server))).toEqual(['node server.js']);
  });

  test('one script that a shell started many times', () => {
    const jobs = many(6, () => 'python3 job.py', 100);
    expect(namesOf(p('init', 1, p('bash', 4, ...jobs), p('cron', 400)))).toEqual(['bash', 'cron']);
  });

  test('many different small ones of one session', () => {
    const panes = Array.from({ length: 12 }, (_, at) => p('bash', 1, p(`tool${at}`, 50)));
    expect(namesOf(p('init', 1, p('tmux', 2, ...panes), p('java', 900)))).toEqual(['tmux', 'java']);
  });
});

describe('a container of others is opened', () => {
  test('the root of the host, whatever is below it', () => {
    expect(namesOf(p('init', 1, ...many(5, () => 'worker', 100)))).toEqual(Array(5).fill('worker'));
    expect(namesOf(p('init', 1, ...many(5, (at) => `w${at}`, 100)))).toHaveLength(5);
  });

  test('a session manager, by the control groups that it starts others in', () => {
    const apps = ['gnome-shell', 'firefox', 'code', 'slack', 'spotify'].map((name) =>
      inGroup(`/user/app-${name}`, p(name, 200)),
    );
    const user = inGroup('/user/init', p('systemd --user', 10, ...apps));
    expect(namesOf(p('/sbin/init', 10, user, p('sshd', 300)))).toEqual([
      ...['gnome-shell', 'firefox', 'code', 'slack', 'spotify', 'sshd'],
    ]);
  });

  test('a container runtime’s shim, for what runs in the container', () => {
    const shim = p('containerd-shim -id 1', 8, inGroup('/docker/1', p('node app.js', 700)));
    expect(namesOf(p('init', 1, inGroup('/runtime', shim), p('dockerd', 90)))).toEqual([
      ...['node app.js', 'dockerd'],
    ]);
  });

  test('a terminal of a few different programs', () => {
    const panes = [p('bash', 2, p('node a.js', 500)), p('bash', 2, p('python3 b.py', 400)), p('bash', 2)];
    expect(namesOf(p('init', 1, p('tmux', 3, ...panes)))).toEqual(['node a.js', 'python3 b.py', 'bash']);
  });

  test('a master of which one worker holds nearly all', () => {
    const workers = [p('gunicorn: worker', 5000), ...many(5, () => 'gunicorn: worker', 40)];
    expect(choose(p('init', 1, p('gunicorn: master', 30, ...workers)))[0]).toBe(2);
  });
});

describe('what holds nothing', () => {
  test('is not told, and an empty host has nothing to tell', () => {
    expect(namesOf(p('kthreadd', 0, p('kworker', 0)), p('init', 0, p('sshd', 1)))).toEqual(['sshd']);
    expect(choose()).toEqual([]);
  });
});

const { tree } = fc.letrec<{ readonly tree: Planted }>((tie) => ({
  tree: fc.record({
    name: fc.constantFrom('a x', 'a y', 'b', 'b -o', 'c: one', 'c: two', ''),
    own: fc.oneof(fc.nat(5), fc.nat(1000), fc.constant(0)),
    cgroup: fc.constantFrom(undefined, null, '/one', '/two'),
    children: fc.oneof({ depthSize: 'small' }, fc.constant([]), fc.array(tie('tree'), { maxLength: 5 })),
  }) as fc.Arbitrary<Planted>,
}));
const forest = fc.array(tree, { maxLength: 4 });

/** Rows of a subtree, by the links. */
function membersOf(rows: readonly Flat[], root: number): number[] {
  return rows.flatMap((_, row) => {
    for (let up = row; up >= 0; up = rows[up].parent) if (up === root) return [row];
    return [];
  });
}

describe('whatever the tree', () => {
  test('chosen subtrees do not overlap, and each holds something', () => {
    fc.assert(
      fc.property(forest, (roots) => {
        const rows = flatten(roots);
        const members = choose(...roots).map((root) => membersOf(rows, root));
        const all = members.flat();
        expect(new Set(all).size).toBe(all.length);
        for (const one of members)
          expect(one.reduce((sum, row) => sum + rows[row].planted.own, 0)).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  test('what is left out is at most a quarter of a subtree that was opened, and never a leaf', () => {
    fc.assert(
      fc.property(forest, (roots) => {
        const rows = flatten(roots);
        const told = new Set(choose(...roots).flatMap((root) => membersOf(rows, root)));
        for (const [row, { planted: one, size }] of rows.entries()) {
          if (told.has(row) || one.own === 0) continue;
          const sum = membersOf(rows, row).reduce((total, member) => total + rows[member].planted.own, 0);
          expect(size).toBeGreaterThan(1);
          expect(one.own / sum).toBeLessThanOrEqual(0.25);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('sums over subtrees are those by the links', () => {
    fc.assert(
      fc.property(forest, (roots) => {
        const rows = flatten(roots);
        const own = rows.map(({ planted: one }) => one.own);
        const sums = rows.map((_, row) =>
          membersOf(rows, row).reduce((total, member) => total + own[member], 0),
        );
        expect([
          ...sumSubtrees(
            own,
            rows.map(({ size }) => size),
          ),
        ]).toEqual(sums);
      }),
    );
  });

  test('a chain of two thousand is no trouble', () => {
    let chain = p('end', 1000);
    for (let depth = 0; depth < 2000; depth++) chain = p(`link${depth % 7}`, 1, chain);
    expect(choose(chain).length).toBeGreaterThan(0);
  });
});
