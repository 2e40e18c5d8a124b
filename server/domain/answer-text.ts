import type { HostEvent } from './events.ts';
import { eventText } from './events.ts';
import { formatMoment, formatMomentBeside, withoutZeroSeconds } from './moment.ts';
import { longNameOf, shortNameOf } from './short-names.ts';
import { formatBytes, formatChange, formatDuration, formatPart } from './units.ts';

/** The answer in plain words. It is made of what /api/v1/answer tells, so that a browser can say it in its own zone. */

export interface ToldSubtree {
  readonly key: string;
  readonly pid: number;
  readonly cmd: string | null;
  readonly comm: string | null;
  readonly subtree_processes: number;
  readonly bytes: number;
  readonly rss_is_upper_bound: boolean;
  readonly is_new: boolean;
  readonly delta_bytes: number | null;
  readonly share_of_growth: number | null;
}

export interface ToldAnswer {
  readonly asked: string;
  readonly ts: string;
  readonly is_far: boolean;
  readonly from_asked: string;
  readonly from: string | null;
  readonly from_is_far: boolean;
  readonly rebooted: boolean;
  readonly mem_total_bytes: number | null;
  readonly used_bytes: number | null;
  readonly used_delta_bytes: number | null;
  readonly largest: readonly ToldSubtree[];
  readonly culprits: readonly ToldSubtree[];
}

/** Text, what of it carries the weight, and processes, which each reader names in his own way. */
export type Piece = string | { readonly strong: string } | { readonly process: ToldSubtree };

export interface Telling {
  /** The answer itself. */
  readonly lead: readonly Piece[];
  /** What else a reader should know. */
  readonly more: readonly Piece[];
}

/** How sizes and instants are read. */
export interface Reader {
  readonly zone: string;
  /** Sizes of 1000, not of 1024. */
  readonly isDecimal: boolean;
}

/** Changes below this are noise of the kernel's counters. */
const NOTABLE_BYTES = 2 ** 20;
const MOST_OTHERS = 2;

/** Whether there is a growth to be explained. */
export function hasGrown({ used_delta_bytes: delta, culprits }: ToldAnswer): boolean {
  return delta !== null && delta >= NOTABLE_BYTES && culprits.length > 0;
}

/** The process that the answer is about: where more is used than before the one that grew most, else the largest. */
export function mainCulprit(answer: ToldAnswer): ToldSubtree | null {
  return (hasGrown(answer) ? answer.culprits : answer.largest)[0] ?? null;
}

interface Speech {
  readonly size: (bytes: number) => string;
  readonly change: (bytes: number) => string;
  readonly part: (bytes: number, whole: number | null) => string;
  /** With the day where it is another than that of the answer; without seconds where there are none. */
  readonly at: (iso: string) => string;
  /** The instant of the answer, with its day. */
  readonly now: string;
}

function openSpeech(ts: string, { zone, isDecimal }: Reader): Speech {
  const now = Date.parse(ts);
  return {
    size: (bytes) => formatBytes(bytes, isDecimal),
    change: (bytes) => formatChange(bytes, isDecimal),
    part: (bytes, whole) => formatPart(bytes, whole, isDecimal),
    at: (iso) => withoutZeroSeconds(formatMomentBeside(Date.parse(iso), now, zone)),
    now: withoutZeroSeconds(formatMoment(now, zone)),
  };
}

function comparedWith({ from, used_delta_bytes: delta }: ToldAnswer, { at, size }: Speech): string {
  if (from === null) return '. There is no earlier sample to compare it with';
  if (delta === null) return '';
  if (Math.abs(delta) < NOTABLE_BYTES) return `, as much as at ${at(from)}`;
  return `, ${size(Math.abs(delta))} ${delta > 0 ? 'more' : 'less'} than at ${at(from)}`;
}

function usedPieces(answer: ToldAnswer, speech: Speech): Piece[] {
  const { used_bytes: used, mem_total_bytes: total } = answer;
  if (used === null) return [`How much memory was used at ${speech.now} is not known. `];
  const compared = comparedWith(answer, speech);
  return [{ strong: `${speech.part(used, total)} used` }, ` at ${speech.now}${compared}. `];
}

function sizeOf({ bytes, rss_is_upper_bound }: ToldSubtree, { size }: Speech): string {
  return `${rss_is_upper_bound ? 'at most ' : ''}${size(bytes)}`;
}

/** ` and 6 processes below it` */
function belowPhrase({ subtree_processes: all }: ToldSubtree): string {
  if (all === 1) return '';
  return all === 2 ? ' and 1 process below it' : ` and ${all - 1} processes below it`;
}

/** ` and grew by 3.6 GiB, 88 % of the growth`; above 1 others shrank meanwhile. */
function growthPhrase(process: ToldSubtree, { size }: Speech): string {
  const { delta_bytes: delta, share_of_growth: share, is_new } = process;
  const grew = is_new || delta === null ? '' : ` and grew by ${size(delta)}`;
  if (share === null) return grew;
  if (share > 1) return `${grew}, more than all of the growth: others shrank`;
  return `${grew}, ${Math.round(share * 100)} % of the growth`;
}

/** `node 812, new since 19:00, and 6 processes below it hold 5.0 GiB` */
function processPieces(answer: ToldAnswer, speech: Speech): Piece[] {
  const { from } = answer;
  const main = mainCulprit(answer);
  if (!main) return ['No process holds memory.'];
  const size = { strong: sizeOf(main, speech) };
  if (from === null || !hasGrown(answer))
    return ['Most is held by ', { process: main }, `${belowPhrase(main)}: `, size, '.'];
  const since = main.is_new ? `, new since ${speech.at(from)},` : '';
  const verb = main.subtree_processes === 1 ? 'holds' : 'hold';
  return [{ process: main }, `${since}${belowPhrase(main)} ${verb} `, size, `${growthPhrase(main, speech)}.`];
}

/** The largest, where the answer is about another. */
function largestPieces({ largest }: ToldAnswer, main: ToldSubtree, speech: Speech): Piece[] {
  const first = largest.at(0);
  if (!first || first.key === main.key) return [];
  return ['Most is held by ', { process: first }, `: ${sizeOf(first, speech)}. `];
}

/** Who else grew; of another boot nothing is left to compare with. */
function growerPieces(answer: ToldAnswer, main: ToldSubtree, { change }: Speech): Piece[] {
  if (answer.from === null || answer.rebooted) return [];
  const isMainTold = hasGrown(answer);
  const others = answer.culprits.filter(({ key }) => !(isMainTold && key === main.key));
  if (others.length === 0) return isMainTold ? [] : ['No process grew. '];
  const told = others
    .slice(0, MOST_OTHERS)
    .flatMap((process, index): Piece[] => [
      ...(index === 0 ? [] : [', ']),
      { process },
      ` ${change(process.delta_bytes ?? 0)}${process.is_new ? ' (new)' : ''}`,
    ]);
  return [isMainTold ? 'Also grew: ' : 'Some grew: ', ...told, '. '];
}

const UNTOLD: ReadonlySet<HostEvent['kind']> = new Set(['gap', 'alert']);

/** What happened between the two samples: it may explain what no process does. An alert explains nothing. */
function eventPieces(
  { from, ts, rebooted }: ToldAnswer,
  events: readonly HostEvent[],
  zone: string,
): Piece[] {
  const [first, last] = [Date.parse(from ?? ts), Date.parse(ts)];
  const between = events.filter(({ t, kind }) => !UNTOLD.has(kind) && t >= first && t < last);
  const told = between.slice(-MOST_OTHERS).map((event) => `${eventText(event, zone)}. `);
  if (!rebooted) return told;
  const isTold = between.slice(-MOST_OTHERS).some(({ kind }) => kind === 'reboot');
  return [
    ...told,
    `${isTold ? 'Since then' : 'The host was started anew in between:'} every process is new. `,
  ];
}

/** How far the samples are from what was asked, where that is further than usual. */
function distancePieces(answer: ToldAnswer, { at }: Speech): Piece[] {
  const { asked, ts, is_far, from_asked, from, from_is_far } = answer;
  const sentence = (wanted: string, found: string) => {
    const seconds = (Date.parse(wanted) - Date.parse(found)) / 1000;
    return `The nearest sample before ${at(wanted)} is of ${at(found)}, ${formatDuration(seconds)} earlier. `;
  };
  return [
    ...(is_far ? [sentence(asked, ts)] : []),
    ...(from !== null && from_is_far ? [sentence(from_asked, from)] : []),
  ];
}

function boundPieces(main: ToldSubtree | null): Piece[] {
  if (!main?.rss_is_upper_bound) return [];
  return ['“At most”: only RSS is known, and pages that processes share count for each. '];
}

/** @param events what happened to the host, where it is known */
export function tellAnswer(answer: ToldAnswer, reader: Reader, events: readonly HostEvent[] = []): Telling {
  const speech = openSpeech(answer.ts, reader);
  const main = mainCulprit(answer);
  const others = main ? [...largestPieces(answer, main, speech), ...growerPieces(answer, main, speech)] : [];
  return {
    lead: [...usedPieces(answer, speech), ...processPieces(answer, speech)],
    more: [
      ...others,
      ...eventPieces(answer, events, reader.zone),
      ...distancePieces(answer, speech),
      ...boundPieces(main),
    ],
  };
}

export function wordsOf({ lead, more }: Telling, nameOf: (process: ToldSubtree) => string): string {
  const words = (piece: Piece) => {
    if (typeof piece === 'string') return piece;
    return 'strong' in piece ? piece.strong : nameOf(piece.process);
  };
  return [...lead, ' ', ...more].map(words).join('').trim();
}

/**
 * `13.2 of 15.6 GiB used at 2026-01-15 20:00, 4.10 GiB more than at 19:00. node 812 "vite build" and 6 processes below
 * it hold 5.00 GiB and grew by 3.60 GiB, 88 % of the growth.` A process has its arguments where it is named first.
 */
export function answerText(answer: ToldAnswer, zone: string): string {
  const named = new Set<string>();
  return wordsOf(tellAnswer(answer, { zone, isDecimal: false }), (process) => {
    const isNamed = named.has(process.key);
    named.add(process.key);
    return isNamed ? shortNameOf(process) : longNameOf(process);
  });
}
