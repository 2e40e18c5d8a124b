import { afterEach, describe, expect, test } from 'vitest';
import type { AnswerAnswer, CulpritView } from '../../server/interfaces/http/schemas/answer.ts';
import { answerAsText, culpritName, tellAnswer } from '../../web/lib/answer-sentence.ts';
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

afterEach(() => {
  clock.value = 'browser';
  unit.value = 'MiB';
});

describe('The answer on a page', () => {
  test('follows the unit and the clock of the reader', () => {
    unit.value = 'MB';
    clock.value = 'UTC';
    expect(answerAsText(answer({ largest: [culprit(1, 1)] }))).toMatch(
      /^web-1: 14\.0 of 17\.2 GB used at 2026-03-04 20:00, 4\.29 GB more than at 19:00\. Most is held by node 1: 1\.07 GB\./,
    );
  });

  test('tells a process as something to go to', () => {
    const grown = culprit(812, 5, { delta_bytes: GIB, share_of_growth: 0.25 });
    expect(tellAnswer(answer({ largest: [grown], culprits: [grown] })).lead).toContainEqual({
      process: grown,
    });
  });

  test('keeps name and number on one line, and shows a hostile name as text that was recorded', () => {
    expect(culpritName(culprit(666, 1, { cmd: '\\x1b[31m<b>evil</b> x' }))).toMatch(
      /^[^\x00-\x1f]*\u00a0666$/,
    );
  });
});
