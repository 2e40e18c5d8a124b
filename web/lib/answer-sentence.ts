import type { Telling, ToldAnswer, ToldSubtree } from '../../server/domain/answer-text.ts';
import { tellAnswer as tell, wordsOf } from '../../server/domain/answer-text.ts';
import type { HostEvent } from '../../server/domain/events.ts';
import { shortNameOf } from '../../server/domain/short-names.ts';
import type { AnswerAnswer } from '../../server/interfaces/http/schemas/answer.ts';
import { unit, zone } from './reader.ts';

/** The answer as a reader of this page says it: in his unit and zone. */

const NO_BREAK = '\u00a0';

/** `node 812`, on one line */
export function culpritName(process: Pick<ToldSubtree, 'pid' | 'cmd' | 'comm'>): string {
  return shortNameOf(process).replace(/ (?=\d+$)/, NO_BREAK);
}

/** @param events what happened to the host */
export function tellAnswer(answer: ToldAnswer, events: readonly HostEvent[] = []): Telling {
  return tell(answer, { zone: zone.value, isDecimal: unit.value === 'MB' }, events);
}

/** To be pasted somewhere else. */
export function answerAsText(answer: AnswerAnswer, events: readonly HostEvent[] = []): string {
  return `${answer.host}: ${wordsOf(tellAnswer(answer, events), shortNameOf)}`;
}
