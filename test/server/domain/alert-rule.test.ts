import { describe, expect, test } from 'vitest';
import type { AlertRuleConfig } from '../../../server/domain/alert-rule.ts';
import { ALERT_KIND_IDS, DEFAULT_ALERT_RULES } from '../../../server/domain/alert-rule.ts';
import { alertRuleText, alertWhyText } from '../../../server/domain/alert-text.ts';
import { alertFaults, readAlertRule } from '../../../server/domain/read-alert-rule.ts';
import { MIB } from '../../../server/domain/units.ts';

const rule = (given: Omit<AlertRuleConfig, 'name'>): AlertRuleConfig => ({ name: 'a rule', ...given });
const textOf = (given: Omit<AlertRuleConfig, 'name'>) => alertRuleText(readAlertRule(rule(given)));

describe('a rule of alerts', () => {
  test('has what it does not say', () => {
    expect(readAlertRule(rule({ kind: 'level', limit: '4GiB' }))).toEqual({
      ...{ name: 'a rule', kind: 'level', severity: 'warning', watch: null, of: 'process', metric: 'rss' },
      ...{ line: 'full', average: 'avg60', deviations: 3, riseBytes: 256 * MIB },
      limit: { value: 4096 * MIB, isPart: false },
      clear: { value: 4096 * MIB * 0.9, isPart: false },
      forMs: 60_000,
      coolDownMs: 600_000,
    });
    const { clear } = readAlertRule(rule({ kind: 'mem_available', limit: '5%' }));
    expect(clear?.value).toBeCloseTo(0.055);
    expect(clear?.isPart).toBe(true);
  });

  test.each<[string, Omit<AlertRuleConfig, 'name'>]>([
    ['RSS of one process above 4.00 GiB for 1m', { kind: 'level', limit: '4GiB' }],
    [
      'PSS of one process and all below it, in shop above 1.00 GiB for 1m',
      { kind: 'level', limit: '1GiB', metric: 'pss', of: 'subtree', watch: 'shop' },
    ],
    [
      'Swap of shop above 600 MiB for 5m',
      { kind: 'budget', limit: '600MiB', watch: 'shop', metric: 'swap', for: '5m' },
    ],
    ['Used memory 256 MiB and 3 deviations above the median of 60 samples', { kind: 'spike' }],
    [
      'PSI some avg10 above 12.5 %',
      { kind: 'psi', limit: '12.5%', line: 'some', average: 'avg10', for: '0s' },
    ],
    ['MemAvailable below 5 % of MemTotal for 1m', { kind: 'mem_available', limit: '5%' }],
    ['Swap used above 80 % of all swap for 1m', { kind: 'swap', limit: '80%' }],
    ['The kernel killed a process for lack of memory', { kind: 'oom' }],
  ])('is said as: %s', (text, given) => {
    expect(alertFaults(rule(given))).toEqual([]);
    expect(textOf(given)).toBe(text);
  });

  test.each<[string, Omit<AlertRuleConfig, 'name'>, string]>([
    ['a kind that needs a limit has none', { kind: 'psi' }, 'limit'],
    ['a budget is of no group', { kind: 'budget', limit: '1GiB' }, 'watch'],
    ['a subtree begins nowhere', { kind: 'level', limit: '1GiB', of: 'subtree' }, 'watch'],
    ['a limit is no size', { kind: 'level', limit: '5%' }, 'limit'],
    ['a limit is more than all', { kind: 'mem_available', limit: '101%' }, 'limit'],
    ['pressure is told as a size', { kind: 'psi', limit: '1GiB' }, 'limit'],
    ['it would end beyond its limit', { kind: 'swap', limit: '80%', clear: '90%' }, 'clear'],
    ['it would end below its lower limit', { kind: 'mem_available', limit: '1GiB', clear: '1MiB' }, 'clear'],
    ['the two limits are not alike', { kind: 'swap', limit: '80%', clear: '1GiB' }, 'clear'],
    ['it would wait longer than a week', { kind: 'oom', cool_down: '8d' }, 'cool_down'],
    ['its time is none', { kind: 'psi', limit: '1%', for: 'soon' }, 'for'],
    ['a rise is no size', { kind: 'spike', rise: 'much' }, 'rise'],
    ['it says what its kind does not take', { kind: 'oom', limit: '1GiB' }, 'limit'],
  ])('cannot be used where %s', (_, given, field) => {
    expect(alertFaults(rule(given))[0]?.field).toBe(field);
    expect(alertFaults(rule(given))[0]?.help).toMatch(/\.$/);
  });

  test('is there of itself where nobody has written one, and can be used', () => {
    for (const given of DEFAULT_ALERT_RULES) expect(alertFaults(given)).toEqual([]);
    expect(new Set(DEFAULT_ALERT_RULES.map(({ name }) => name)).size).toBe(DEFAULT_ALERT_RULES.length);
  });

  test('of every kind says why it fired', () => {
    const why = (
      given: Omit<AlertRuleConfig, 'name'>,
      value: number,
      limit: number,
      whole: number | null = null,
    ) => alertWhyText(readAlertRule(rule(given)), { value, limit, whole, seconds: 120 });
    const told = {
      level: why({ kind: 'level', limit: '4GiB' }, 5000 * MIB, 4096 * MIB),
      budget: why({ kind: 'budget', limit: '600MiB', watch: 'shop' }, 700 * MIB, 600 * MIB),
      spike: why({ kind: 'spike' }, 9000 * MIB, 8000 * MIB),
      psi: why({ kind: 'psi', limit: '10%' }, 23.42, 10),
      mem_available: why({ kind: 'mem_available', limit: '5%' }, 412 * MIB, 800 * MIB, 16_000 * MIB),
      swap: why({ kind: 'swap', limit: '1GiB' }, 1100 * MIB, 1024 * MIB, 2048 * MIB),
      oom: why({ kind: 'oom' }, 2, 0),
    };
    expect(told).toEqual({
      level: 'RSS of one process 4.88 GiB, above 4.00 GiB for 2m',
      budget: 'RSS of shop 700 MiB, above 600 MiB for 2m',
      spike:
        'Used memory 8.79 GiB, above 7.81 GiB (3 deviations or 256 MiB over the median of the 60 samples before) for 2m',
      psi: 'PSI full avg60 23.4 %, above 10 % for 2m',
      mem_available: 'MemAvailable 412 MiB, below 5 % of 15.6 GiB for 2m',
      swap: 'Swap used 1.07 GiB, above 1.00 GiB for 2m',
      oom: '2 processes were killed for lack of memory',
    });
    expect(Object.keys(told).sort()).toEqual([...ALERT_KIND_IDS].sort());
  });
});
