import { afterEach, describe, expect, test } from 'vitest';
import type { AnswerAnswer, CulpritView } from '../../server/interfaces/http/schemas/answer.ts';
import { answerAsText, hasGrown, mainCulprit, tellAnswer } from '../../web/lib/answer-sentence.ts';
import { clock, unit } from '../../web/lib/reader.ts';

const GIB = 2 ** 30;
const at = (time: string) => `2026-03-04T${time}.000Z`;

function culprit(pid: number, gib: number, more: Partial<CulpritView> = {}): CulpritView {
  return {
    ...{ key: `k${pid}`, pid, cmd: `/usr/bin/node p${pid}.js`, comm: 'node', user: 'app' },
    ...{ started: at('00:00:00'), is_new: false, subtree_processes: 1, bytes: gib * GIB },
    ...{ rss_is_upper_bound: false, subtree_rss_bytes: gib * GIB, subtree_pss_bytes: gib * GIB },
    ...{ delta_bytes: 0, share_of_growth: null, ...more },
  };
}

function answer(more: Partial<AnswerAnswer> = {}): AnswerAnswer {
  const whole: Partial<AnswerAnswer> = {
    ...{ host: 'web-1', asked: at('20:00:00'), ts: at('20:00:00'), distance_seconds: 0 },
    ...{ nearest_before: at('20:00:00'), nearest_after: null, from_asked: at('19:00:00') },
    ...{ from: at('19:00:00'), from_distance_seconds: 0, used_is: 'total − available' },
    ...{ mem_total_bytes: 16 * GIB, used_bytes: 13 * GIB, used_delta_bytes: 4 * GIB },
    ...{ is_far: false, from_is_far: false, rebooted: false },
    ...{ largest: [], culprits: [], ledger: [], text: '', ...more },
  };
  return whole as AnswerAnswer;
}

function words(told: AnswerAnswer): string {
  clock.value = 'UTC';
  return answerAsText(told).replace('web-1: ', '');
}

afterEach(() => {
  clock.value = 'browser';
  unit.value = 'MiB';
});

describe('The answer in words', () => {
  test('names who grew, with all below it, and its share', () => {
    const grown = culprit(812, 5, { subtree_processes: 7, delta_bytes: 3.5 * GIB, share_of_growth: 0.875 });
    expect(words(answer({ largest: [grown], culprits: [grown] }))).toBe(
      '13.0 of 16.0 GiB used at 2026-03-04 20:00, 4.00 GiB more than at 19:00. ' +
        'node 812 and 6 processes below it hold 5.00 GiB and grew by 3.50 GiB, 88 % of the growth.',
    );
  });

  test('tells a new process from one that grew, and the others beside it', () => {
    const fresh = culprit(5120, 2, { is_new: true, delta_bytes: 2 * GIB, share_of_growth: 0.5 });
    const next = culprit(977, 1, { delta_bytes: GIB, share_of_growth: 0.25 });
    const largest = culprit(311, 6, { cmd: 'postgres: checkpointer' });
    expect(words(answer({ largest: [largest, fresh], culprits: [fresh, next] }))).toBe(
      '13.0 of 16.0 GiB used at 2026-03-04 20:00, 4.00 GiB more than at 19:00. ' +
        'node 5120, new since 19:00, holds 2.00 GiB, 50 % of the growth. ' +
        'Most is held by postgres 311: 6.00 GiB. Also grew: node 977 +1.00 GiB.',
    );
  });

  test('says so where one grew by more than the host did', () => {
    const grown = culprit(812, 9, { delta_bytes: 6 * GIB, share_of_growth: 1.5 });
    expect(words(answer({ largest: [grown], culprits: [grown] }))).toContain(
      'grew by 6.00 GiB, more than all of the growth: others shrank.',
    );
  });

  test('names the largest where less is used than before, and does not call that a growth', () => {
    const grown = culprit(812, 1, { delta_bytes: GIB });
    const told = answer({ used_delta_bytes: -2 * GIB, largest: [culprit(311, 6)], culprits: [grown] });
    expect(hasGrown(told)).toBe(false);
    expect(mainCulprit(told)?.pid).toBe(311);
    expect(words(told)).toBe(
      '13.0 of 16.0 GiB used at 2026-03-04 20:00, 2.00 GiB less than at 19:00. ' +
        'Most is held by node 311: 6.00 GiB. Some grew: node 812 +1.00 GiB.',
    );
  });

  test('is honest where nothing grew', () => {
    const told = answer({ used_delta_bytes: 4096, largest: [culprit(311, 6)] });
    expect(words(told)).toBe(
      '13.0 of 16.0 GiB used at 2026-03-04 20:00, as much as at 19:00. ' +
        'Most is held by node 311: 6.00 GiB. No process grew.',
    );
  });

  test('is honest where nothing was recorded before, and where nothing is known', () => {
    const alone = { from: null, from_distance_seconds: null, used_delta_bytes: null };
    expect(words(answer({ ...alone, largest: [culprit(311, 6)] }))).toBe(
      '13.0 of 16.0 GiB used at 2026-03-04 20:00. There is no earlier sample to compare it with. ' +
        'Most is held by node 311: 6.00 GiB.',
    );
    expect(words(answer({ ...alone, used_bytes: null }))).toBe(
      'How much memory was used at 2026-03-04 20:00 is not known. No process holds memory.',
    );
  });

  test('calls an RSS sum an upper bound and says why', () => {
    const bound = culprit(812, 5, { rss_is_upper_bound: true, delta_bytes: GIB, share_of_growth: 0.25 });
    const told = words(answer({ largest: [bound], culprits: [bound] }));
    expect(told).toContain('holds at most 5.00 GiB and grew by');
    expect(told).toContain('“At most”: only RSS is known');
  });

  test('tells how far the samples are from what was asked, on either side', () => {
    const told = answer({
      ...{ asked: at('20:30:00'), distance_seconds: 1800, from_asked: at('19:00:00') },
      ...{ from: '2026-03-03T23:00:00.000Z', from_distance_seconds: 72_000, from_is_far: true },
      largest: [culprit(1, 1)],
    });
    expect(words(told)).toContain('The nearest sample before 20:30 is of 20:00, 30m 0s earlier.');
    expect(words(told)).toContain(
      'The nearest sample before 19:00 is of 2026-03-03 23:00, 20h 0m 0s earlier.',
    );
  });

  test('tells what happened between the two samples, and not what happened before', () => {
    clock.value = 'UTC';
    const kill = (time: string) => ({ t: Date.parse(at(time)), kind: 'oom_kill' as const, count: 1 });
    const { more } = tellAnswer(answer({ largest: [culprit(1, 1)] }), [kill('18:59:00'), kill('19:30:00')]);
    expect(more.join('')).toContain('1 process was killed for lack of memory at 19:30:00.');
    expect(more.join('')).not.toContain('18:59');
  });

  test('says of a host that was started anew that every process is new', () => {
    clock.value = 'UTC';
    const reboot = { t: Date.parse(at('19:30:00')), to: Date.parse(at('19:32:00')), kind: 'reboot' as const };
    const { more } = tellAnswer(answer({ rebooted: true, largest: [culprit(1, 1)] }), [reboot]);
    expect(more.join('')).toContain(
      'The host was started anew between 19:30:00 and 19:32:00. Since then every process is new.',
    );
  });

  test('follows the unit and the clock of the reader', () => {
    unit.value = 'MB';
    expect(words(answer({ largest: [culprit(1, 1)] }))).toContain('14.0 of 17.2 GB used');
  });

  test('shows a hostile name as text that was recorded, never as control characters', () => {
    const evil = culprit(666, 1, { cmd: '\\x1b[31m<b>evil</b> x', delta_bytes: GIB, share_of_growth: 0.2 });
    const [, , name] = tellAnswer(answer({ largest: [evil], culprits: [evil] })).lead;
    expect(name).toEqual({ process: evil, text: expect.stringMatching(/^[^\x00-\x1f]*\u00a0666$/) });
  });
});
