import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openSystemSource, systemRowOf } from '../../../collector/sources/system.ts';
import { SYSTEM_METRICS } from '../../../server/domain/system-metrics.ts';
import { fakeProc, putFile } from '../fake-proc.ts';

describe('the system row of a fake host', () => {
  test('has every meminfo key, _KB where the kernel says kB, then pressure and counters', () => {
    const root = fakeProc();
    putFile(
      root,
      'meminfo',
      'MemTotal:  100 kB\nActive(anon): 7 kB\nHugePages_Total:   3\nNewInLinux9: 1 kB\n',
    );
    putFile(root, 'pressure/memory', 'some avg10=0.12 avg60=1.00 avg300=0.00 total=77\n');
    putFile(root, 'vmstat', 'nr_free_pages 1\npswpin 5\noom_kill 2\n');
    putFile(root, 'uptime', '1234.56 99.00\n');
    putFile(root, 'sys/kernel/random/boot_id', '46aeb59f-7621-4264-9efb-623f23893b82\n');
    const reading = openSystemSource(root).read(5000);
    expect([...reading.figures]).toEqual([
      ['MemTotal_KB', '100'],
      ['Active(anon)_KB', '7'],
      ['HugePages_Total', '3'],
      ['NewInLinux9_KB', '1'],
      ['PSI_SOME_AVG10', '0.12'],
      ['PSI_SOME_AVG60', '1.00'],
      ['PSI_SOME_TOTAL_US', '77'],
      ['OOM_KILL', '2'],
      ['PSWPIN', '5'],
    ]);
    expect(reading).toMatchObject({ t: 5000, uptimeSeconds: 1234.56, clockTicks: 100 });
    expect(systemRowOf(reading, 10, 'demo')).toMatchObject({
      bootId: '46aeb59f-7621-4264-9efb-623f23893b82',
      intervalSeconds: 10,
      label: 'demo',
      values: { mem_total_bytes: 102_400, active_anon_bytes: 7168, psi_some_avg10: 0.12, oom_kill: 2 },
    });
  });

  test('is nearly empty, not an error, where the kernel tells nothing', () => {
    const reading = openSystemSource(fakeProc()).read(1);
    expect(reading).toMatchObject({ bootId: null, uptimeSeconds: null });
    expect(reading.figures.size).toBe(0);
  });

  test('takes no nonsense', () => {
    const root = fakeProc();
    putFile(root, 'meminfo', 'MemTotal: lots kB\n,"\nA,B: 1 kB\nMemFree:\t5 kB\nMemFree\n');
    putFile(root, 'uptime', 'long');
    putFile(root, 'sys/kernel/random/boot_id', '../../etc/passwd');
    const { figures, bootId, uptimeSeconds } = openSystemSource(root).read(1);
    expect({ figures: [...figures], bootId, uptimeSeconds }).toEqual({
      figures: [['MemFree_KB', '5']],
      bootId: null,
      uptimeSeconds: null,
    });
  });
});

describe.runIf(process.platform === 'linux')('the system row of this host', () => {
  test('has as many memory figures as /proc/meminfo has lines, and the boot that the kernel names', () => {
    const reading = openSystemSource('/proc').read(Date.now());
    const lines = readFileSync('/proc/meminfo', 'utf8').trim().split('\n');
    const others = new Set<string>(
      SYSTEM_METRICS.filter((m) => m.stored.source.file !== 'meminfo').map((m) => m.stored.column),
    );
    expect([...reading.figures.keys()].filter((key) => !others.has(key))).toHaveLength(lines.length);
    expect(reading.bootId).toBe(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
    expect(reading.uptimeSeconds).toBeGreaterThan(0);
  });
});
