import { shortNameOf } from '../../server/domain/answer-text.ts';
import type { HostEvent } from '../../server/domain/events.ts';
import { eventText } from '../../server/domain/events.ts';
import { withoutZeroSeconds } from '../../server/domain/moment.ts';
import { formatDuration } from '../../server/domain/units.ts';
import type { AnswerAnswer, CulpritView } from '../../server/interfaces/http/schemas/answer.ts';
import { formatBytes, formatChange, formatPart } from './bytes.ts';
import { zone } from './reader.ts';
import { formatMoment, formatMomentBeside } from './time.ts';

/** The answer as a reader of this page says it: in his unit and zone, with processes to go to. */

export type Piece =
  | string
  | { readonly strong: string }
  | { readonly process: CulpritView; readonly text: string };

export interface Telling {
  /** The answer itself. */
  readonly lead: readonly Piece[];
  /** What else a reader should know. */
  readonly more: readonly Piece[];
}

/** Changes below this are noise of the kernel's counters. */
const NOTABLE_BYTES = 2 ** 20;
const MOST_OTHERS = 2;

/** Name and number stay on one line. */
const NO_BREAK = '\u00a0';

/** `node 812` */
export function culpritName(process: Pick<CulpritView, 'pid' | 'cmd' | 'comm'>): string {
  return shortNameOf(process).replace(/ (?=\d+$)/, NO_BREAK);
}

/** Whether there is a growth to be explained. */
export function hasGrown({ used_delta_bytes: delta, culprits }: AnswerAnswer): boolean {
  return delta !== null && delta >= NOTABLE_BYTES && culprits.length > 0;
}

/** The process that the answer is about: where more is used than before the one that grew most, else the largest. */
export function mainCulprit(answer: AnswerAnswer): CulpritView | null {
  return (hasGrown(answer) ? answer.culprits : answer.largest)[0] ?? null;
}

interface Clock {
  /** With the day where it is another than that of the answer. */
  readonly at: (iso: string) => string;
  /** The instant of the answer, with its day. */
  readonly now: string;
}

/** Without seconds where there are none. */
function openClock(ts: string): Clock {
  const now = Date.parse(ts);
  return {
    at: (iso) => withoutZeroSeconds(formatMomentBeside(Date.parse(iso), now)),
    now: withoutZeroSeconds(formatMoment(now)),
  };
}

function comparedWith({ from, used_delta_bytes: delta }: AnswerAnswer, { at }: Clock): string {
  if (from === null) return '. There is no earlier sample to compare it with';
  if (delta === null) return '';
  if (Math.abs(delta) < NOTABLE_BYTES) return `, as much as at ${at(from)}`;
  return `, ${formatBytes(Math.abs(delta))} ${delta > 0 ? 'more' : 'less'} than at ${at(from)}`;
}

function usedPieces(answer: AnswerAnswer, clock: Clock): Piece[] {
  const { used_bytes: used, mem_total_bytes: total } = answer;
  if (used === null) return [`How much memory was used at ${clock.now} is not known. `];
  return [{ strong: `${formatPart(used, total)} used` }, ` at ${clock.now}${comparedWith(answer, clock)}. `];
}

function sizeOf({ bytes, rss_is_upper_bound }: CulpritView): string {
  return `${rss_is_upper_bound ? 'at most ' : ''}${formatBytes(bytes)}`;
}

/** ` and 6 processes below it` */
function belowPhrase({ subtree_processes: all }: CulpritView): string {
  if (all === 1) return '';
  return all === 2 ? ' and 1 process below it' : ` and ${all - 1} processes below it`;
}

/** `node 812, new since 19:00, and 6 processes below it hold` */
function holding(process: CulpritView, isNewSince: string | null): Piece[] {
  const since = isNewSince ? `, new since ${isNewSince},` : '';
  const verb = process.subtree_processes === 1 ? 'holds' : 'hold';
  return [{ process, text: culpritName(process) }, `${since}${belowPhrase(process)} ${verb} `];
}

/** ` and grew by 3.6 GiB, 88 % of the growth`; above 1 others shrank meanwhile. */
function growthPhrase({ delta_bytes: delta, share_of_growth: share, is_new }: CulpritView): string {
  const grew = is_new || delta === null ? '' : ` and grew by ${formatBytes(delta)}`;
  if (share === null) return grew;
  if (share > 1) return `${grew}, more than all of the growth: others shrank`;
  return `${grew}, ${Math.round(share * 100)} % of the growth`;
}

function processPieces(answer: AnswerAnswer, { at }: Clock): Piece[] {
  const { from } = answer;
  const main = mainCulprit(answer);
  if (!main) return ['No process holds memory.'];
  if (from === null || !hasGrown(answer))
    return [
      'Most is held by ',
      { process: main, text: culpritName(main) },
      `${belowPhrase(main)}: `,
      { strong: sizeOf(main) },
      '.',
    ];
  const isNewSince = main.is_new ? at(from) : null;
  return [...holding(main, isNewSince), { strong: sizeOf(main) }, `${growthPhrase(main)}.`];
}

/** The largest, where the answer is about another. */
function largestPieces({ largest }: AnswerAnswer, main: CulpritView): Piece[] {
  const first = largest.at(0);
  if (!first || first.key === main.key) return [];
  return ['Most is held by ', { process: first, text: culpritName(first) }, `: ${sizeOf(first)}. `];
}

/** Who else grew. */
function growerPieces(answer: AnswerAnswer, main: CulpritView): Piece[] {
  if (answer.from === null) return [];
  const isMainTold = hasGrown(answer);
  const others = answer.culprits.filter(({ key }) => !(isMainTold && key === main.key));
  if (others.length === 0) return isMainTold ? [] : ['No process grew. '];
  const told = others
    .slice(0, MOST_OTHERS)
    .flatMap((process, index): Piece[] => [
      ...(index === 0 ? [] : [', ']),
      { process, text: culpritName(process) },
      ` ${formatChange(process.delta_bytes)}${process.is_new ? ' (new)' : ''}`,
    ]);
  return [isMainTold ? 'Also grew: ' : 'Some grew: ', ...told, '. '];
}

/** What happened between the two samples: it may explain what no process does. */
function eventPieces({ from, ts, rebooted }: AnswerAnswer, events: readonly HostEvent[]): Piece[] {
  const [first, last] = [Date.parse(from ?? ts), Date.parse(ts)];
  const between = events.filter(({ t, kind }) => kind !== 'gap' && t >= first && t < last);
  const told = between.slice(-MOST_OTHERS).map((event) => `${eventText(event, zone.value)}. `);
  return rebooted ? [...told, 'Since then every process is new. '] : told;
}

/** How far the samples are from what was asked. */
function distancePieces(answer: AnswerAnswer, { at }: Clock): Piece[] {
  const { asked, ts, distance_seconds, from, from_asked, from_is_far, from_distance_seconds } = answer;
  const sentence = (wanted: string, found: string, seconds: number) =>
    `The nearest sample before ${at(wanted)} is of ${at(found)}, ${formatDuration(seconds)} earlier. `;
  return [
    ...(distance_seconds >= 1 ? [sentence(asked, ts, distance_seconds)] : []),
    ...(from !== null && from_is_far ? [sentence(from_asked, from, from_distance_seconds ?? 0)] : []),
  ];
}

function boundPieces(pieces: readonly Piece[]): Piece[] {
  const isBound = pieces.some(
    (piece) => typeof piece === 'object' && 'strong' in piece && piece.strong.startsWith('at most'),
  );
  return isBound ? ['“At most”: only RSS is known, and pages that processes share count for each. '] : [];
}

/** @param events what happened to the host */
export function tellAnswer(answer: AnswerAnswer, events: readonly HostEvent[] = []): Telling {
  const clock = openClock(answer.ts);
  const lead = [...usedPieces(answer, clock), ...processPieces(answer, clock)];
  const main = mainCulprit(answer);
  const others = main ? [...largestPieces(answer, main), ...growerPieces(answer, main)] : [];
  const more = [...others, ...eventPieces(answer, events), ...distancePieces(answer, clock)];
  return { lead, more: [...more, ...boundPieces(lead)] };
}

function wordsOf(piece: Piece): string {
  if (typeof piece === 'string') return piece;
  return 'strong' in piece ? piece.strong : piece.text;
}

/** To be pasted somewhere else. */
export function answerAsText(answer: AnswerAnswer, events: readonly HostEvent[] = []): string {
  const { lead, more } = tellAnswer(answer, events);
  const text = [...lead, ' ', ...more].map(wordsOf).join('').trim();
  return `${answer.host}: ${text.replaceAll(NO_BREAK, ' ')}`;
}
