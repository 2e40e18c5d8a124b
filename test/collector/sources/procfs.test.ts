import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { buildRecordLayout } from '../../../collector/record-layout.ts';
import { PATIENCE_MS } from '../../../collector/sources/guarded-reads.ts';
import { MemoryInspectorError } from '../../../server/domain/errors.ts';
import { STORED_PROCESS_METRICS } from '../../../server/domain/metrics.ts';
import { endProcess, fakeProc, openReaderOf, putFile, putProcess, statLine } from '../fake-proc.ts';

const PAGE = 4096;

describe('a process of a fake proc root', () => {
  test('is read as its files tell', async () => {
    const root = fakeProc({
      pid: 42,
      ppid: 7,
      uid: 1000,
      comm: 'sleep',
      startTicks: 555,
      rss: 100,
      vsz: 500,
    });
    const passwdPath = join(root, 'passwd');
    writeFileSync(passwdPath, 'ann:x:1000:1000::/:\n');
    expect(await openReaderOf(root, { passwdPath }).read()).toEqual({
      processes: [
        {
          pid: 42,
          ppid: 7,
          user: 'ann',
          start_ticks: 555,
          state: 'S',
          threads: 3,
          rss_bytes: 100 * PAGE,
          vsz_bytes: 500 * PAGE,
          hwm_bytes: 800 * 1024,
          pss_bytes: 200 * 1024,
          swap_bytes: 12 * 1024,
          cpu_seconds: 1.75,
          cgroup: '/user.slice',
          comm: 'sleep',
          cmd: 'sleep 60',
        },
      ],
      vanished: 0,
      unreadable: 0,
    });
  });

  test('whose page size and clock the kernel tells is measured with them', async () => {
    const root = fakeProc({ pid: 1, rss: 2 });
    mkdirSync(join(root, 'self'));
    writeFileSync(join(root, 'self/auxv'), new BigUint64Array([6n, 65536n, 17n, 250n, 0n, 0n]));
    const { processes } = await openReaderOf(root).read();
    expect(processes[0]).toMatchObject({ rss_bytes: 2 * 65536, cpu_seconds: 0.7 });
  });

  test('that is a kernel thread has RSS 0, an empty command, and no figures that it cannot have', async () => {
    const status = 'Name:\tkthreadd\nUid:\t0\t0\t0\t0\nKthread:\t1\n';
    const root = fakeProc({
      pid: 2,
      ppid: 0,
      comm: 'kthreadd',
      rss: 0,
      vsz: 0,
      cmdline: '',
      files: { status, smaps_rollup: '' },
    });
    const { processes } = await openReaderOf(root).read();
    expect(processes[0]).toMatchObject({
      comm: 'kthreadd',
      cmd: '',
      user: '0',
      rss_bytes: 0,
      vsz_bytes: 0,
      hwm_bytes: null,
      pss_bytes: null,
      swap_bytes: null,
    });
  });

  test('of which the memory files are not permitted is there, with those figures unknown', async () => {
    const root = fakeProc({ pid: 5, files: { smaps_rollup: null, status: null } });
    for (const name of ['smaps_rollup', 'status']) mkdirSync(join(root, '5', name));
    const { processes, unreadable } = await openReaderOf(root).read();
    expect(processes[0]).toMatchObject({
      rss_bytes: 100 * PAGE,
      pss_bytes: null,
      hwm_bytes: null,
      user: null,
    });
    expect(unreadable).toBe(0);
  });

  test('whose command does not fit the first buffer is kept whole', async () => {
    const argument = 'A'.repeat(2 * 1024 * 1024 - 10);
    const root = fakeProc({ pid: 5, cmdline: `x\0${argument}\0` });
    const { processes } = await openReaderOf(root).read();
    expect(processes[0].cmd).toBe(`x ${argument}`);
  });
});

describe('the process table', () => {
  test('is sorted by RSS, the largest first, then by pid', async () => {
    const root = fakeProc({ pid: 9, rss: 5 }, { pid: 10, rss: 7 }, { pid: 8, rss: 5 }, { pid: 7, rss: 1 });
    const { processes } = await openReaderOf(root).read();
    expect(processes.map(({ pid }) => pid)).toEqual([10, 8, 9, 7]);
  });

  test.each(['stat', 'statm', 'status', 'cmdline', 'cgroup'])(
    'leaves out, and counts, a process that ends before its %s is read',
    async (name) => {
      const root = fakeProc({ pid: 1 }, { pid: 2, files: { [name]: null } });
      const { processes, vanished, unreadable } = await openReaderOf(root).read();
      expect({ pids: processes.map(({ pid }) => pid), vanished, unreadable }).toEqual({
        pids: [1],
        vanished: 1,
        unreadable: 0,
      });
    },
  );

  test('counts what makes no sense as unreadable', async () => {
    const root = fakeProc(
      { pid: 1 },
      { pid: 2, files: { stat: 'x' } },
      { pid: 3, files: { statm: '' } },
      { pid: 4, files: { statm: '1 99999999999999999999999 0\n' } },
    );
    const { processes, unreadable } = await openReaderOf(root).read();
    expect({ count: processes.length, unreadable }).toEqual({ count: 1, unreadable: 3 });
  });

  test.skipIf(process.getuid?.() === 0)('counts what is not permitted as unreadable', async () => {
    const root = fakeProc({ pid: 1 }, { pid: 2 });
    chmodSync(join(root, '2/stat'), 0);
    expect(await openReaderOf(root).read()).toMatchObject({ unreadable: 1, vanished: 0 });
  });

  test('takes only folders that are named by a number', async () => {
    const root = fakeProc({ pid: 1 });
    for (const name of ['007', '12a', 'self', '-3', '0']) putFile(root, `${name}/stat`, '1 (x) S 1');
    expect(await openReaderOf(root).read()).toMatchObject({ processes: [{ pid: 1 }], unreadable: 0 });
  });

  test('of a host without /proc is an error that says what is needed', async () => {
    const read = openReaderOf('/nowhere/proc').read();
    await expect(read).rejects.toThrow(MemoryInspectorError);
    await expect(openReaderOf('/nowhere/proc').read()).rejects.toMatchObject({
      code: 'source_unavailable',
      message: 'cannot read /nowhere/proc: no such file or directory (ENOENT)',
      next: 'Recording needs Linux with /proc mounted',
    });
  });

  test('of any content never throws', async () => {
    const names = ['stat', 'statm', 'status', 'cmdline', 'cgroup', 'smaps_rollup'];
    const parts = fc.constantFrom(
      '1 (',
      ') S 1 ',
      '0 ',
      '\n',
      '\0',
      'Uid:\t',
      'VmHWM:',
      ' kB',
      '0::/',
      ':',
      '-',
      '99999999999999999999 ',
    );
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
      fc.array(parts, { maxLength: 60 }).map((words) => Buffer.from(words.join(''))),
      fc.constant(statLine({ pid: 1 })),
      fc.constant(Buffer.from('5 5 5 0 0 0 0\n')),
    );
    const root = fakeProc({ pid: 1 });
    const files = fc.dictionary(fc.constantFrom(...names), fc.option(content, { freq: 9 }));
    const reader = openReaderOf(root);
    await fc.assert(
      fc.asyncProperty(files, async (contents) => {
        putProcess(root, { pid: 1, files: contents });
        const { processes, vanished, unreadable } = await reader.read();
        expect(processes.length + vanished + unreadable).toBe(1);
        for (const { rss_bytes } of processes) expect(rss_bytes).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('from sample to sample', () => {
  const laterCommand = async (change: (root: string) => void, ticks: number) => {
    const root = fakeProc({ pid: 5, cmdline: 'before\0' });
    const reader = openReaderOf(root);
    await reader.read();
    change(root);
    let last = await reader.read();
    for (let tick = 1; tick < ticks; tick++) last = await reader.read();
    return last.processes.map(({ cmd, user, cgroup }) => ({ cmd, user, cgroup }));
  };

  test('figures are always those of now', async () => {
    const root = fakeProc({ pid: 5, rss: 1 });
    const reader = openReaderOf(root);
    await reader.read();
    putProcess(root, { pid: 5, rss: 2, ppid: 99, state: 'R' });
    expect((await reader.read()).processes).toMatchObject([
      { rss_bytes: 2 * PAGE, ppid: 99, state: 'R', hwm_bytes: 16 * 1024, pss_bytes: 4 * 1024 },
    ]);
  });

  test.each([
    ['another life of the pid', { startTicks: 2000 }],
    ['a program that was executed: its code lies elsewhere', { startCode: 1 }],
    ['a program that was executed: its arguments lie elsewhere', { argStart: 1 }],
    ['a new name', { comm: 'renamed' }],
    ['a name of the same length', { comm: 'peels' }],
  ])('the command is read at once for %s', async (_what, change) => {
    const seen = await laterCommand((root) => putProcess(root, { pid: 5, cmdline: 'after\0', ...change }), 1);
    expect(seen).toMatchObject([{ cmd: 'after' }]);
  });

  test('a title, a user or a cgroup that changes without a trace is seen within ten samples', async () => {
    const change = { pid: 5, cmdline: 'after', uid: 33, files: { cgroup: '0::/other\n' } };
    const seen = await laterCommand((root) => putProcess(root, change), 10);
    expect(seen).toEqual([{ cmd: 'after', user: '33', cgroup: '/other' }]);
  });

  test.each([
    ['a tenth', undefined, [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]],
    ['less, where that is asked for,', 50, [2, 4, 6, 8, 10, 12, 14, 16, 18, 20]],
  ])('each sample reads %s of what is remembered', async (_, turns, wanted) => {
    const processes = Array.from({ length: 100 }, (_, k) => ({ pid: k + 1, cmdline: 'before\0' }));
    const root = fakeProc(...processes);
    const reader = openReaderOf(root, { turns });
    await reader.read();
    for (const process of processes) putProcess(root, { ...process, cmdline: 'after\0' });
    const counts = [];
    for (let tick = 0; tick < 10; tick++) {
      const seen = (await reader.read()).processes;
      counts.push(seen.filter(({ cmd }) => cmd === 'after').length);
    }
    expect(counts).toEqual(wanted);
  });

  test('a pid that ends and comes back is a new process', async () => {
    const root = fakeProc({ pid: 5 }, { pid: 6 });
    const reader = openReaderOf(root);
    await reader.read();
    endProcess(root, 5);
    expect((await reader.read()).processes).toMatchObject([{ pid: 6 }]);
    putProcess(root, { pid: 5, startTicks: 7000, cmdline: 'new\0', rss: 3, files: { smaps_rollup: '' } });
    expect((await reader.read()).processes).toMatchObject([
      { pid: 6 },
      { pid: 5, start_ticks: 7000, cmd: 'new', pss_bytes: null },
    ]);
  });
});

describe.runIf(process.platform === 'linux')('a process that does not answer', () => {
  /** Its command line waits as one does whose address space somebody holds. */
  const hostWithWaiting = (state = 'S') => {
    const root = fakeProc({ pid: 5 }, { pid: 7, rss: 3, state, files: { cmdline: null } });
    execFileSync('mkfifo', [join(root, '7/cmdline')]);
    onTestFinished(() => closeSync(openSync(join(root, '7/cmdline'), 'r+')));
    return root;
  };

  test('delays a sample for so long and no longer, and is marked; later samples are not delayed', async () => {
    const reader = openReaderOf(hostWithWaiting(), { patienceMs: 1000 });
    const start = performance.now();
    const { processes } = await reader.read();
    expect(performance.now() - start).toBeLessThan(3000);
    expect(processes).toMatchObject([
      { pid: 5, cmd: 'sleep 60', state: 'S' },
      { pid: 7, cmd: null, state: 'D', rss_bytes: 3 * PAGE, user: '1000' },
    ]);
    expect(reader.limits()?.blocked).toEqual([7]);
    const again = performance.now();
    expect((await reader.read()).processes).toMatchObject([{ pid: 5 }, { pid: 7, state: 'D' }]);
    expect(performance.now() - again).toBeLessThan(900);
  });

  test('leaves no time to ask another, which is not marked for that', async () => {
    const root = hostWithWaiting();
    putProcess(root, { pid: 5, files: { smaps_rollup: null } });
    execFileSync('mkfifo', [join(root, '5/smaps_rollup')]);
    const reader = openReaderOf(root, { patienceMs: 100 });
    expect((await reader.read()).processes[0]).toMatchObject({ pid: 5, state: 'S', pss_bytes: null });
    expect(reader.limits()?.blocked).toEqual([7]);
  });

  test('has five seconds', () => {
    expect(PATIENCE_MS).toBe(5000);
  });

  test('and says so itself, by its state D, is not asked at all', async () => {
    const reader = openReaderOf(hostWithWaiting('D'));
    const { processes } = await reader.read();
    expect(processes).toMatchObject([{ pid: 5 }, { pid: 7, cmd: null, state: 'D', pss_bytes: null }]);
    expect(reader.limits()?.blocked).toEqual([]);
  });

  test('is read when it answers again', async () => {
    const root = hostWithWaiting('D');
    const reader = openReaderOf(root);
    await reader.read();
    putProcess(root, { pid: 7, rss: 3, cmdline: 'back\0' });
    expect((await reader.read()).processes[1]).toMatchObject({ cmd: 'back', state: 'S' });
  });
});

describe('PPID', () => {
  test('is that of now also where the parent ended without a trace in the child', async () => {
    const root = fakeProc({ pid: 1, ppid: 0 }, { pid: 5 }, { pid: 6, ppid: 5 }, { pid: 7, ppid: 6 });
    const reader = openReaderOf(root);
    await reader.read();
    endProcess(root, 5);
    putProcess(root, { pid: 6, ppid: 1 });
    expect((await reader.read()).processes.map(({ ppid }) => ppid)).toEqual([0, 1, 6]);
  });
});

describe('a catalogue with more in it', () => {
  const extra = [
    { id: 'lib_bytes', unit: 'bytes', column: 'LIB_KB', source: { file: 'status', key: 'VmLib' } },
    {
      id: 'switches',
      unit: 'count',
      column: 'SWITCHES',
      source: { file: 'status', key: 'voluntary_ctxt_switches' },
    },
    {
      id: 'uss_bytes',
      unit: 'bytes',
      column: 'DIRTY_KB',
      source: { file: 'smaps_rollup', key: 'Private_Dirty' },
    },
    { id: 'major_faults', unit: 'count', column: 'MAJFLT', source: { file: 'stat', field: 12 } },
    { id: 'shared_bytes', unit: 'bytes', column: 'SHARED_KB', source: { file: 'statm', field: 3 } },
  ] as const;

  test('is read without a change of code', async () => {
    const metrics = extra.map(({ id, unit, column, source }) => {
      const stored = { column, scale: 1, decimals: 0, required: false, source };
      return { id, label: id, unit, addable: false, nullable: true, help: '', stored } as const;
    });
    const layout = buildRecordLayout([...STORED_PROCESS_METRICS, ...metrics]);
    const root = fakeProc({
      pid: 1,
      files: {
        status: 'Uid:\t1\t1\t1\t1\nVmLib:\t 8 kB\nvoluntary_ctxt_switches:\t77\n',
        smaps_rollup: 'Pss: 9 kB\nPrivate_Dirty: 3 kB\n',
      },
    });
    const { processes } = await openReaderOf(root, { layout }).read();
    expect(processes[0]).toMatchObject({
      lib_bytes: 8192,
      switches: 77,
      uss_bytes: 3072,
      pss_bytes: 9216,
      major_faults: 0,
      shared_bytes: 50 * PAGE,
    });
  });
});
