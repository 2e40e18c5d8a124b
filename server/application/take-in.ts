import { DAY_MS } from '../domain/durations.ts';
import { withHost } from '../domain/sample.ts';
import { formatDay } from '../domain/stamp.ts';
import { ALREADY_THERE, damageOfDump } from './dump-damage.ts';
import type { DumpLedger } from './dump-ledger.ts';
import type { DumpFolder, DumpPair, Reject } from './dump-ports.ts';
import type { Progress } from './ingest-progress.ts';
import { openHourAt, planSealing } from './plan-sealing.ts';
import type { Intake } from './ports.ts';
import type { DayOfDumps, Sealer, Stretch } from './sealing-ports.ts';
import { inLanes, nextTurn } from './turns.ts';

/**
 * Takes dumps into the history: those of days and hours that are over as sealed segments, the newest first; the others,
 * and each new one, into the tail in order of time.
 */

export interface IngestWorld {
  readonly onReject: (reject: Reject) => void;
  /** A folder that cannot be read any more, or a bug: told, and tried again at the next change. */
  readonly onFailure: (error: unknown) => void;
  /** Epoch ms; for tests. */
  readonly now?: () => number;
  /** The first look at the folder waits for it, so that what is sealed is served at once; default: none. */
  readonly begin?: Promise<unknown>;
  /** It is looked at once, and not again when it changes. */
  readonly once?: boolean;
  /** Days that are sealed are sealed again, once. */
  readonly rebuild?: boolean;
}

/** Where dumps come from and where they go. `sealer`: `null` keeps everything in the tail. */
export interface IngestPorts {
  readonly folder: DumpFolder;
  readonly history: Intake;
  readonly sealer: Sealer | null;
}

/** Pairs between two turns of the event loop: requests are answered while a folder is read. */
const PAIRS_PER_TURN = 4;

/** What taking in goes by, and how far it is. */
export interface Work extends IngestPorts {
  readonly world: IngestWorld;
  readonly now: () => number;
  readonly progress: Progress;
  readonly closing: AbortController;
  readonly ledger: DumpLedger;
  /** Dates of which something is in the tail. */
  readonly datesInTail: Set<string>;
  /** The hour that was not over when it was last seen what may be sealed. */
  openHour: number;
  /** The folder could not be read at the last look: its segments may have been gone with it. */
  isLost: boolean;
  refreshing: Promise<void>;
}

function isSealing({ sealer }: Work): boolean {
  return sealer !== null && sealer.holder === null;
}

/** Another program seals. */
export function isFollower({ sealer }: Work): boolean {
  return sealer !== null && sealer.holder !== null;
}

async function appendPair(work: Work, pair: DumpPair): Promise<void> {
  const { world, progress, ledger, history } = work;
  const read = await work.folder.read(pair);
  const { sample } = read;
  for (const one of read.rejects) world.onReject(one);
  progress.taken(1, sample?.processes?.count ?? 0);
  const isTwin = sample !== null && (await history.append(withHost(sample))) !== 'added';
  // It changed since it was sealed, and is sealed anew by another program: until then its segment is told.
  if (isTwin && isFollower(work)) return ledger.seal([pair], damageOfDump(pair, read, null));
  ledger.read(pair, read, isTwin ? ALREADY_THERE : null);
  const file = pair.processFile ?? pair.systemFile ?? '';
  if (isTwin) world.onReject({ file, line: null, column: null, reason: ALREADY_THERE });
}

async function appendAll(work: Work, pairs: readonly DumpPair[]): Promise<void> {
  for (const [done, pair] of pairs.entries()) {
    if (work.closing.signal.aborted) return;
    work.datesInTail.add(formatDay(pair.stampInstant));
    await appendPair(work, pair);
    if (done % PAIRS_PER_TURN === PAIRS_PER_TURN - 1) await nextTurn();
  }
  await work.history.flush();
}

/** One at a time; a segment that is finished while one runs is seen by the next. */
export function refresh(work: Work): Promise<void> {
  work.refreshing = work.refreshing.then(() => work.history.refresh());
  return work.refreshing;
}

async function sealStretch(work: Work, sealer: Sealer, stretch: Stretch): Promise<void> {
  const { progress, closing, world, ledger } = work;
  const part = progress.begin();
  const { rejects, rows, damaged } = await sealer.seal(stretch, { signal: closing.signal, onProgress: part });
  part(stretch.pairs.length, rows);
  for (const one of rejects) world.onReject(one);
  ledger.seal(stretch.pairs, damaged);
  await refresh(work);
}

/** What cannot be sealed is read into the tail, so that it is seen all the same. */
async function sealOrAppend(work: Work, sealer: Sealer, stretch: Stretch): Promise<readonly DumpPair[]> {
  try {
    await sealStretch(work, sealer, stretch);
    return [];
  } catch (error) {
    if (work.closing.signal.aborted) return [];
    work.world.onFailure(error);
    return stretch.pairs;
  }
}

function asUnsealed(day: DayOfDumps): DayOfDumps {
  return { ...day, unsealed: day.pairs, isWhole: false };
}

/** Where nothing is there yet, the newest sample is shown while everything else is being read. */
async function showNewest(
  { history, folder, ledger, datesInTail }: Work,
  pairs: readonly DumpPair[],
): Promise<DumpPair | null> {
  const newest = pairs[pairs.length - 1];
  if (history.hosts().length > 0 || !newest) return null;
  const read = await folder.read(newest);
  const { sample } = read;
  if (!sample) return null;
  datesInTail.add(formatDay(newest.stampInstant));
  await history.append(withHost(sample));
  await history.flush();
  ledger.read(newest, read, null);
  return newest;
}

async function surveyDays({ ledger }: Work, sealer: Sealer, pairs: readonly DumpPair[]) {
  const days = await sealer.survey(pairs);
  for (const day of days) ledger.survey(day);
  return days;
}

async function sealAndAppend(work: Work, sealer: Sealer, pairs: readonly DumpPair[]): Promise<void> {
  const [shown, days] = await Promise.all([showNewest(work, pairs), surveyDays(work, sealer, pairs)]);
  const plan = planSealing(work.world.rebuild ? days.map(asUnsealed) : days, work.now());
  const isNew = (pair: DumpPair) => pair !== shown;
  const tail = plan.tail.filter(isNew);
  const sealed = plan.stretches.reduce((sum, stretch) => sum + stretch.pairs.length, 0);
  work.progress.expect(sealed + tail.length);
  await appendAll(work, tail);
  const left = await inLanes(plan.stretches, (stretch) => sealOrAppend(work, sealer, stretch));
  await appendAll(
    work,
    left
      .flat()
      .filter(isNew)
      .sort((a, b) => a.stampInstant - b.stampInstant),
  );
}

/** New dumps of the day in hand go to the tail at once; of other days whole days are made. */
function isForTail(work: Work, pairs: readonly DumpPair[]): boolean {
  const today = formatDay(openHourAt(work.now()));
  return work.openHour > 0 && pairs.every(({ stampInstant }) => formatDay(stampInstant) >= today);
}

export async function takeIn(work: Work, pairs: readonly DumpPair[]): Promise<void> {
  const { sealer, progress } = work;
  if (sealer && isSealing(work) && !isForTail(work, pairs)) {
    work.openHour = openHourAt(work.now());
    const days = new Set(pairs.map(({ stampInstant }) => Math.floor(stampInstant / DAY_MS)));
    const all = [...days].flatMap((day) => work.ledger.ofDate(formatDay(day * DAY_MS)));
    await sealAndAppend(work, sealer, all);
    return;
  }
  progress.expect(pairs.length);
  await appendAll(work, sealer && isFollower(work) ? await unsealedOf(work, sealer, pairs) : pairs);
}

async function unsealedOf(
  work: Work,
  sealer: Sealer,
  pairs: readonly DumpPair[],
): Promise<readonly DumpPair[]> {
  const days = await surveyDays(work, sealer, pairs);
  return days.flatMap(({ unsealed }) => unsealed).sort((a, b) => a.stampInstant - b.stampInstant);
}

/** When an hour is over, what the tail holds of it becomes a segment. */
export async function sealTail(work: Work): Promise<void> {
  const { sealer, datesInTail, ledger } = work;
  const openHour = openHourAt(work.now());
  if (!sealer || !isSealing(work) || openHour === work.openHour) return;
  work.openHour = openHour;
  const pairs = [...datesInTail].flatMap((date) => ledger.ofDate(date));
  const { stretches } = planSealing(await surveyDays(work, sealer, pairs), work.now());
  for (const stretch of stretches) {
    await sealStretch(work, sealer, stretch);
    if (stretch.isWholeDay) datesInTail.delete(stretch.date);
  }
}
