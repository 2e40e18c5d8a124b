import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openGate } from '../../../../server/adapters/history/gate.ts';

describe('a gate', () => {
  test('lets many read at once, and one change alone between those before and after', async () => {
    const gate = openGate();
    const log: string[] = [];
    const act = (name: string) => async () => {
      log.push(`${name} begins`);
      await sleep(1);
      log.push(`${name} ends`);
    };
    await Promise.all([
      gate.read(act('a')),
      gate.read(act('b')),
      sleep(0).then(() => Promise.all([gate.change(act('change')), gate.read(act('c'))])),
    ]);
    expect(log.slice(0, 2)).toEqual(['a begins', 'b begins']);
    expect(log.slice(4)).toEqual(['change begins', 'change ends', 'c begins', 'c ends']);
  });

  test('goes on after a failure', async () => {
    const gate = openGate();
    const fail = () => Promise.reject(new Error('no'));
    await expect(gate.read(fail)).rejects.toThrow('no');
    await expect(gate.change(fail)).rejects.toThrow('no');
    expect(await gate.read(async () => 1)).toBe(1);
    expect(await gate.change(async () => 2)).toBe(2);
  });
});
