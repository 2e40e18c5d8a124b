import { describe, expect, test } from 'vitest';
import type { ToldAnswer, ToldSubtree } from '../../../server/domain/answer-text.ts';
import { answerText, hasGrown, mainCulprit, tellAnswer } from '../../../server/domain/answer-text.ts';
import type { HostEvent } from '../../../server/domain/events.ts';

const GIB = 2 ** 30;
const at = (time: string) => `2026-03-04T${time}.000Z`;

function subtree(pid: number, gib: number, more: Partial<ToldSubtree> = {}): ToldSubtree {
  return {
    ...{ key: `k${pid}`, pid, cmd: `/usr/bin/node p${pid}.js`, comm: 'node' },
    ...{ is_new: false, subtree_processes: 1, bytes: gib * GIB, rss_is_upper_bound: false },
    ...{ delta_bytes: 0, share_of_growth: null, ...more },
  };
}

function answer(more: Partial<ToldAnswer> = {}): ToldAnswer {
  return {
    ...{ asked: at('20:00:00'), ts: at('20:00:00'), is_far: false },
    ...{ from_asked: at('19:00:00'), from: at('19:00:00'), from_is_far: false, rebooted: false },
    ...{ mem_total_bytes: 16 * GIB, used_bytes: 13 * GIB, used_delta_bytes: 4 * GIB },
    ...{ largest: [], culprits: [], ...more },
  };
}

const words = (more: Partial<ToldAnswer>) => answerText(answer(more), 'UTC');
const GREW = '13.0 of 16.0 GiB used at 2026-03-04 20:00, 4.00 GiB more than at 19:00. ';

describe('The answer in words', () => {
  test('names who grew, with all below it, and its share', () => {
    const grown = subtree(812, 5, { subtree_processes: 7, delta_bytes: 3.5 * GIB, share_of_growth: 0.875 });
    expect(words({ largest: [grown], culprits: [grown] })).toBe(
      `${GREW}node 812 "p812.js" and 6 processes below it hold 5.00 GiB and grew by 3.50 GiB, 88 % of the growth.`,
    );
    const pair = { ...grown, subtree_processes: 2 };
    expect(words({ culprits: [pair] })).toContain('"p812.js" and 1 process below it hold 5.00 GiB');
  });

  test('tells a new process from one that grew, and the others beside it', () => {
    const fresh = subtree(5120, 2, { is_new: true, delta_bytes: 2 * GIB, share_of_growth: 0.5 });
    const next = subtree(977, 1, { delta_bytes: GIB, share_of_growth: 0.25 });
    const largest = subtree(311, 6, { cmd: 'postgres: checkpointer' });
    expect(words({ largest: [largest, fresh], culprits: [fresh, next] })).toBe(
      `${GREW}node 5120 "p5120.js", new since 19:00, holds 2.00 GiB, 50 % of the growth. ` +
        'Most is held by postgres 311 "checkpointer": 6.00 GiB. Also grew: node 977 "p977.js" +1.00 GiB.',
    );
  });

  test('has the arguments of a process where it is named first, and not again', () => {
    const grown = subtree(812, 6, { delta_bytes: GIB });
    const told = { used_delta_bytes: -GIB, largest: [grown], culprits: [grown] };
    expect(words(told)).toMatch(
      /held by node 812 "p812\.js": 6\.00 GiB\. Some grew: node 812 \+1\.00 GiB\.$/,
    );
  });

  test('says so where one grew by more than the host did', () => {
    const grown = subtree(812, 9, { delta_bytes: 6 * GIB, share_of_growth: 1.5 });
    expect(words({ largest: [grown], culprits: [grown] })).toContain(
      'grew by 6.00 GiB, more than all of the growth: others shrank.',
    );
  });

  test('names the largest where less is used than before, and does not call that a growth', () => {
    const grown = subtree(812, 1, { delta_bytes: GIB });
    const told = { used_delta_bytes: -2 * GIB, largest: [subtree(311, 6)], culprits: [grown] };
    expect(hasGrown(answer(told))).toBe(false);
    expect(mainCulprit(answer(told))?.pid).toBe(311);
    expect(words(told)).toBe(
      '13.0 of 16.0 GiB used at 2026-03-04 20:00, 2.00 GiB less than at 19:00. ' +
        'Most is held by node 311 "p311.js": 6.00 GiB. Some grew: node 812 "p812.js" +1.00 GiB.',
    );
  });

  test('is honest where nothing grew', () => {
    expect(words({ used_delta_bytes: 4096, largest: [subtree(311, 6)] })).toBe(
      '13.0 of 16.0 GiB used at 2026-03-04 20:00, as much as at 19:00. ' +
        'Most is held by node 311 "p311.js": 6.00 GiB. No process grew.',
    );
  });

  test('is honest where nothing was recorded before, and where nothing is known', () => {
    const alone = { from: null, used_delta_bytes: null };
    expect(words({ ...alone, largest: [subtree(311, 6)] })).toBe(
      '13.0 of 16.0 GiB used at 2026-03-04 20:00. There is no earlier sample to compare it with. ' +
        'Most is held by node 311 "p311.js": 6.00 GiB.',
    );
    expect(words({ ...alone, used_bytes: null })).toBe(
      'How much memory was used at 2026-03-04 20:00 is not known. No process holds memory.',
    );
    expect(words({ mem_total_bytes: null })).toMatch(/^13\.0 GiB used at/);
    expect(words({ used_bytes: GIB / 2 })).toMatch(/^512 MiB of 16\.0 GiB used/);
  });

  test('calls an RSS sum an upper bound and says why', () => {
    const bound = subtree(812, 5, { rss_is_upper_bound: true, delta_bytes: GIB, share_of_growth: 0.25 });
    const told = words({ largest: [bound], culprits: [bound] });
    expect(told).toContain('holds at most 5.00 GiB and grew by');
    expect(told).toContain('“At most”: only RSS is known');
  });

  test('tells how far the samples are from what was asked, where that is further than usual', () => {
    const far = { asked: at('20:30:00'), from: '2026-03-03T23:00:07.000Z', largest: [subtree(1, 1)] };
    const told = words({ ...far, is_far: true, from_is_far: true });
    expect(told).toContain('The nearest sample before 20:30 is of 20:00, 30m 0s earlier.');
    expect(told).toContain('The nearest sample before 19:00 is of 2026-03-03 23:00:07, 19h 59m 53s earlier.');
    expect(words(far)).not.toContain('nearest sample');
  });

  test('tells what happened between the two samples, and not what happened before', () => {
    const kill = (time: string): HostEvent => ({ t: Date.parse(at(time)), kind: 'oom_kill', count: 1 });
    const reader = { zone: 'UTC', isDecimal: false };
    const { more } = tellAnswer(answer({ largest: [subtree(1, 1)] }), reader, [
      kill('18:59:00'),
      kill('19:30:00'),
    ]);
    expect(more.join('')).toContain('1 process was killed for lack of memory at 19:30:00.');
    expect(more.join('')).not.toContain('18:59');
  });

  test('says of a host that was started anew that every process is new, when that was if it is known', () => {
    const told = { rebooted: true, largest: [subtree(1, 1)] };
    expect(words(told)).toMatch(/The host was started anew in between: every process is new\.$/);
    expect(words(told)).not.toContain('grew');
    const reboot: HostEvent = {
      t: Date.parse(at('19:30:00')),
      to: Date.parse(at('19:32:00')),
      kind: 'reboot',
    };
    const { more } = tellAnswer(answer(told), { zone: 'UTC', isDecimal: false }, [reboot]);
    expect(more.join('')).toContain(
      'The host was started anew between 19:30:00 and 19:32:00. Since then every process is new.',
    );
  });

  test('has times of the zone that is asked for', () => {
    expect(answerText(answer(), '+02:00')).toContain(
      'used at 2026-03-04 22:00, 4.00 GiB more than at 21:00.',
    );
  });
});
