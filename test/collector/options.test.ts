import { describe, expect, test } from 'vitest';
import { FLAGS } from '../../collector/flags.ts';
import { defaultRecorderOptions, readRecorderRequest } from '../../collector/options.ts';
import { DEFAULT_RETENTION } from '../../server/domain/retention.ts';

const read = (...argv: string[]) => readRecorderRequest(argv, 'pmi collect');

function optionsOf(...argv: string[]) {
  const request = read(...argv);
  return request.kind === 'record' ? request.options : null;
}

describe('a command line', () => {
  test('without words records every ten seconds into dumps/time', () => {
    expect(optionsOf()).toEqual({
      out: 'dumps/time',
      format: 'v2',
      source: 'procfs',
      once: false,
      intervalMs: 10_000,
      count: null,
      durationMs: null,
      label: null,
      commands: { mode: 'redacted', longest: null },
      retention: DEFAULT_RETENTION,
      gzip: false,
      cost: {
        pssBudgetMs: 10,
        descriptors: null,
        pressure: { available: 5, psi: 10, intervalMs: 1000, protectMs: 30 * 86_400_000 },
      },
      quiet: false,
    });
    expect(optionsOf()).toEqual(defaultRecorderOptions());
  });

  test('can say everything', () => {
    const words =
      '--interval 10ms --count 3 --duration 2h --out d --format seed --source ps --label L -q --cmd-mode none --max-cmd 80 --keep 1h --max-bytes unlimited --keep-free 1GB --gzip';
    expect(optionsOf(...words.split(' '))).toEqual({
      out: 'd',
      format: 'seed',
      source: 'ps',
      once: false,
      intervalMs: 10,
      count: 3,
      durationMs: 7_200_000,
      label: 'L',
      commands: { mode: 'none', longest: 80 },
      retention: { keepMs: 3_600_000, maxBytes: null, keepFree: { share: 1, most: 1e9 } },
      gzip: true,
      cost: {
        pssBudgetMs: 0.01,
        descriptors: null,
        pressure: { available: 5, psi: 10, intervalMs: 1000, protectMs: 30 * 86_400_000 },
      },
      quiet: true,
    });
  });

  test.each([
    ['10ms', 10],
    ['1.5s', 1500],
    ['5m', 300_000],
    ['24h', 86_400_000],
    ['7', 7000],
  ])('takes the interval %s', (text, ms) => {
    expect(optionsOf(`--interval=${text}`)?.intervalMs).toBe(ms);
  });

  test('with --once knows an interval only when it is told one', () => {
    expect(optionsOf('--once')).toMatchObject({ once: true, intervalMs: null });
    expect(optionsOf('--once', '--interval', '1m')?.intervalMs).toBe(60_000);
  });

  test('can say what recording may cost', () => {
    const words =
      '--pss-budget 5ms --descriptors 300 --pressure-available 0 --pressure-psi 25 --pressure-interval 2s --protect 90d';
    expect(optionsOf(...words.split(' '))?.cost).toEqual({
      pssBudgetMs: 5,
      descriptors: 300,
      pressure: { available: 0, psi: 25, intervalMs: 2000, protectMs: 90 * 86_400_000 },
    });
    expect(optionsOf('--pss-budget', '0', '--descriptors', 'off')?.cost).toMatchObject({
      pssBudgetMs: 0,
      descriptors: 0,
    });
  });

  test.each([
    [['--once'], 10],
    [['--once', '--interval', '1m'], 50],
    [['--interval', '1s'], 1],
  ])('with %j may take %d ms a sample for PSS', (argv, ms) => {
    expect(optionsOf(...argv)?.cost.pssBudgetMs).toBe(ms);
  });

  test('asking for help gets every flag, its default and examples', () => {
    const request = read('--once', '-h');
    const text = request.kind === 'help' ? request.text : '';
    for (const name of Object.keys(FLAGS)) expect(text).toContain(`--${name}`);
    expect(text).toContain('(dumps/time)');
    expect(text).toContain('* * * * *');
    expect(text.split('\n').every((line) => line.length <= 100)).toBe(true);
  });

  test.each([
    [
      ['--interval', '9ms'],
      '--interval',
      "must be a time of 10ms to 24h, such as 500ms, 10s or 5m, not '9ms'",
    ],
    [['--interval', '25h'], '--interval', "not '25h'"],
    [['--interval', 'soon'], '--interval', "not 'soon'"],
    [['--interval=-5s'], '--interval', "not '-5s'"],
    [['--duration', '0'], '--duration', "must be a time, such as 500ms, 10s or 5m, not '0'"],
    [['--count', '0'], '--count', "must be a whole number from 1, not '0'"],
    [['--count', '1e3'], '--count', "not '1e3'"],
    [['--pss-budget', '2s'], '--pss-budget', 'must be a time of 0ms to 1s'],
    [['--descriptors', 'on'], '--descriptors', "must be a whole number or off, not 'on'"],
    [['--pressure-psi', '101'], '--pressure-psi', 'must be a whole number from 0 to 100'],
    [['--format', 'xml'], '--format', "must be v2 or seed, not 'xml'"],
    [['--source', 'top'], '--source', "must be procfs or ps, not 'top'"],
    [['--out', ''], '--out', 'must name a folder'],
    [['--once', '--count', '2'], '--count', 'does not go with --once'],
    [['--once', '--duration', '2s'], '--duration', 'does not go with --once'],
    [['--verbose'], '--verbose', 'Unknown option'],
    [['--count'], '--count', 'argument missing'],
    [['--once=yes'], '--once', 'does not take an argument'],
    [['now'], '', "Unexpected argument 'now'"],
  ])('is refused: %j', (argv, field, message) => {
    let thrown: unknown;
    try {
      read(...argv);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'bad_usage', field, message: expect.stringContaining(message) });
  });
});
