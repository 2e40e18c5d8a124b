import type { DumpPair } from '../../application/dump-ports.ts';
import type { Sealer, SealResult, Stretch, SurveyedDay } from '../../application/sealing-ports.ts';
import { MemoryInspectorError } from '../../domain/errors.ts';
import type { SealLock } from './lock.ts';
import { takeSealLock } from './lock.ts';
import type { FoundDay, WorkerSetup } from './messages.ts';
import type { JobOptions, Pool } from './pool.ts';
import { openPool } from './pool.ts';

export interface SealerOptions {
  /** The dump folder. */
  readonly dumps: string;
  /** In which stamps without `Z` are read. */
  readonly timeZone: string;
  readonly index: string;
  /** The threads' own entry. */
  readonly worker: URL;
  readonly threads?: number;
  readonly caps?: WorkerSetup['caps'];
  /** Threads start at once, while the folder is listed; else with the first work. */
  readonly isEager?: boolean;
  /** What others are told who seals, when they ask. */
  readonly name?: () => string;
}

const DEFAULT_THREADS = 2;

interface State {
  readonly pool: Pool;
  lock: SealLock;
  /** What killed sealers have left is gone; done once, before anything else is written. */
  swept: Promise<unknown> | undefined;
  sealing: number;
  /** Something was sealed since lives were last told apart across segments. */
  unsettled: boolean;
}

function toDay({ date, pairs, unsealed, isWhole, damaged }: FoundDay, all: readonly DumpPair[]): SurveyedDay {
  const pick = (places: Int32Array) => Array.from(places, (place) => all[place]);
  return { date, pairs: pick(pairs), unsealed: pick(unsealed), isWhole, damaged };
}

function sweepOnce(state: State): Promise<unknown> {
  state.swept ??= state.pool.run({ kind: 'sweep' }).catch((error) => {
    state.swept = undefined;
    throw error;
  });
  return state.swept;
}

/** Where a day's end decides how the next begins, the days that are there are looked at together, the oldest first. */
async function settle(state: State): Promise<void> {
  if (!state.unsettled || state.sealing > 0) return;
  state.unsettled = false;
  await state.pool.run({ kind: 'settle' });
}

async function survey(state: State, pairs: readonly DumpPair[]): Promise<readonly SurveyedDay[]> {
  if (state.lock.holder === null) {
    await sweepOnce(state);
    state.unsettled = true;
    await settle(state);
  }
  const days = await state.pool.run({ kind: 'survey', pairs });
  return days.map((day) => toDay(day, pairs));
}

function refuse(holder: string): MemoryInspectorError {
  return new MemoryInspectorError(
    'cannot_write',
    `The index is not written by this process, but by ${holder}.`,
  );
}

async function seal(state: State, stretch: Stretch, options: JobOptions): Promise<SealResult> {
  if (state.lock.holder !== null) throw refuse(state.lock.holder);
  state.sealing++;
  let result: SealResult;
  try {
    await sweepOnce(state);
    result = await state.pool.run({ kind: 'seal', stretch }, options);
    state.unsettled = true;
  } finally {
    state.sealing--;
  }
  await settle(state);
  return result;
}

/**
 * Makes segments of dumps, in threads of its own. Threads are there only while there is work for them.
 * @throws MemoryInspectorError `cannot_write` where the index cannot be made or locked
 */
export async function openSealer(options: SealerOptions): Promise<Sealer> {
  const {
    dumps,
    timeZone,
    index,
    worker,
    threads = DEFAULT_THREADS,
    caps = {},
    isEager = false,
    name = () => 'pmi',
  } = options;
  const lock = await takeSealLock(index, name);
  const setup = { dumps, timeZone, index, caps, isEager: isEager && lock.holder === null };
  const pool = openPool(worker, setup, threads);
  const state: State = { pool, lock, swept: undefined, sealing: 0, unsettled: false };
  // One that fails is tried again, and told, where it is needed.
  if (setup.isEager) sweepOnce(state).catch(() => undefined);
  return {
    get holder() {
      return state.lock.holder;
    },
    async contend() {
      if (state.lock.holder !== null) state.lock = await takeSealLock(index, name);
    },
    survey: (pairs) => survey(state, pairs),
    seal: (stretch, sealOptions = {}) => seal(state, stretch, sealOptions),
    async close() {
      await pool.close();
      state.lock.release();
    },
  };
}
