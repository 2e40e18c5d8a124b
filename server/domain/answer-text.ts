import { executableOf } from './executable.ts';
import { formatMomentBeside, withoutZeroSeconds } from './moment.ts';
import { displayText } from './text-notation.ts';
import { formatBytes, formatDuration, formatPart } from './units.ts';

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

const LONGEST_ARGUMENTS = 40;

/** `node 812`: what a process is called in a sentence. */
export function shortNameOf({ pid, cmd, comm }: Pick<ToldSubtree, 'pid' | 'cmd' | 'comm'>): string {
  return `${displayText(executableOf(cmd, comm)) || 'process'} ${pid}`;
}

/** `node 812 "vite build"` */
export function longNameOf(process: Pick<ToldSubtree, 'pid' | 'cmd' | 'comm'>): string {
  const { cmd } = process;
  const space = cmd?.indexOf(' ') ?? -1;
  const words = displayText(cmd === null || space < 0 ? '' : cmd.slice(space + 1)).trim();
  if (words === '') return shortNameOf(process);
  const letters = [...words];
  const shown =
    letters.length > LONGEST_ARGUMENTS ? `${letters.slice(0, LONGEST_ARGUMENTS).join('')}…` : words;
  return `${shortNameOf(process)} "${shown}"`;
}

/** `20:00`, with seconds where they are not 0, and with the day where it is another than the reference's. */
function momentText(iso: string, beside: number, zone: string): string {
  return withoutZeroSeconds(formatMomentBeside(Date.parse(iso), beside, zone));
}

function signed(bytes: number): string {
  return bytes > 0 ? `+${formatBytes(bytes)}` : formatBytes(bytes);
}

function growthText(
  { from, from_asked, used_delta_bytes: delta }: ToldAnswer,
  clock: (iso: string) => string,
) {
  if (from === null) return `; no sample at or before ${clock(from_asked)} to compare with`;
  if (delta === null) return '';
  return delta === 0 ? ` (the same as at ${clock(from)})` : ` (${signed(delta)} since ${clock(from)})`;
}

function usedSentence(answer: ToldAnswer, clock: (iso: string) => string): string {
  const { used_bytes: used, mem_total_bytes: total, ts } = answer;
  const at = `at ${clock(ts)}`;
  if (used === null) return `How much memory was used ${at} is not known${growthText(answer, clock)}.`;
  return `${formatPart(used, total)} used ${at}${growthText(answer, clock)}.`;
}

function sizeText({ bytes, rss_is_upper_bound, subtree_processes }: ToldSubtree): string {
  const children = subtree_processes - 1;
  const family = children === 0 ? '' : ` with ${children} ${children === 1 ? 'child' : 'children'}`;
  return `${rss_is_upper_bound ? 'at most ' : ''}${formatBytes(bytes)}${family}`;
}

/** A share that is not small is worth a sentence; above 1 others shrank meanwhile. */
function shareOfGrowth(culprit: ToldSubtree, name: string): string {
  const { share_of_growth: share, delta_bytes: delta, is_new } = culprit;
  const how = is_new ? 'is new and holds' : 'grew by';
  if (share === null) return `most grown: ${name}, ${is_new ? 'new, ' : ''}${signed(delta ?? 0)}`;
  if (share > 1) return `${name} ${how} ${formatBytes(delta)}, more than all of the growth: others shrank`;
  return `${Math.round(share * 100)} % of the growth is ${name}${is_new ? ', which is new' : ''}`;
}

function processesSentence(answer: ToldAnswer): string {
  const { largest, culprits, used_delta_bytes: delta } = answer;
  const [first] = largest;
  const [grown] = culprits;
  if (!first) return 'No process holds memory.';
  const holds = `Largest: ${longNameOf(first)} ${sizeText(first)}`;
  // Of another boot nothing is left to compare with.
  if (answer.from === null || answer.rebooted) return `${holds}.`;
  if (!grown) return (delta ?? 0) > 0 ? `${holds}; no process grew.` : `${holds}.`;
  const name = grown.key === first.key ? shortNameOf(grown) : longNameOf(grown);
  return `${holds}; ${shareOfGrowth(grown, name)}.`;
}

/** How far the samples are from what was asked, where that is further than usual. */
function distanceSentences(answer: ToldAnswer, clock: (iso: string) => string): string[] {
  const earlier = (asked: string, found: string) =>
    `The last sample before ${clock(asked)} is of ${clock(found)}, ${formatDuration((Date.parse(asked) - Date.parse(found)) / 1000)} earlier.`;
  return [
    ...(answer.is_far ? [earlier(answer.asked, answer.ts)] : []),
    ...(answer.from !== null && answer.from_is_far ? [earlier(answer.from_asked, answer.from)] : []),
    ...(answer.rebooted ? ['The host was started anew in between: every process is new.'] : []),
  ];
}

/**
 * `13.2 of 15.6 GiB used at 20:00 (+4.10 GiB since 19:00). Largest: node 812 "vite build" 5.00 GiB with 6 children;
 * 88 % of the growth is node 812.`
 * @param beside an instant of a day that need not be told
 */
export function answerText(answer: ToldAnswer, beside: number, zone: string): string {
  const clock = (iso: string) => momentText(iso, beside, zone);
  return [usedSentence(answer, clock), processesSentence(answer), ...distanceSentences(answer, clock)].join(
    ' ',
  );
}
