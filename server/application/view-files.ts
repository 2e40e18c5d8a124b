import type { DumpFilter, DumpKind, DumpState } from '../domain/dump-state.ts';
import { formatDay, formatInstant } from '../domain/stamp.ts';
import type { FileDamage } from './dump-damage.ts';
import type { DumpBook } from './dump-ledger.ts';
import type { DumpPair, Reject } from './dump-ports.ts';
import type { Surroundings } from './surroundings.ts';

export interface FilesRequest {
  readonly state?: DumpFilter | undefined;
  readonly limit: number;
}

export interface DumpView {
  readonly name: string;
  readonly kind: DumpKind;
  readonly instant: string | null;
  readonly state: DumpState;
  readonly sealed: boolean;
  readonly rows: number | null;
  readonly rejected_rows: number;
  readonly reasons: Reject[];
}

export interface FilesView {
  readonly folder: string;
  readonly dumps: DumpView[];
  readonly total: number;
  readonly shown: number;
  readonly rejected_files: number;
  readonly rejected_rows: number;
}

const MOST_REASONS = 20;

function stateOf(book: DumpBook, pair: DumpPair): DumpState {
  const stage = book.stageOf(pair);
  const [damage] = book.damageOf(pair);
  if (stage === 'pending' || !damage) return stage;
  return damage.isRefused ? 'rejected' : 'incomplete';
}

function passes(state: DumpState, wanted: DumpFilter | undefined): boolean {
  if (wanted === 'damaged') return state === 'incomplete' || state === 'rejected';
  return wanted === undefined || wanted === state;
}

const newestFirst = (a: DumpPair, b: DumpPair) => b.stampInstant - a.stampInstant;

function* walkNewestFirst(book: DumpBook): Generator<DumpPair> {
  for (const date of [...book.dates()].reverse()) yield* [...book.ofDate(date)].sort(newestFirst);
}

interface Chosen {
  readonly pairs: readonly DumpPair[];
  readonly total: number;
}

/** Of a year's dumps almost all are sealed and whole: they are counted, and looked at only where they are shown. */
function chooseWhole(book: DumpBook, { state, limit }: FilesRequest): Chosen {
  const pairs: DumpPair[] = [];
  for (const pair of walkNewestFirst(book)) {
    if (pairs.length === limit) break;
    if (passes(stateOf(book, pair), state)) pairs.push(pair);
  }
  const others = new Set([...book.unsealed(), ...book.damaged()]);
  return { pairs, total: state === undefined ? book.count() : book.count() - others.size };
}

function choose(book: DumpBook, request: FilesRequest): Chosen {
  const { state, limit } = request;
  if (state === undefined || state === 'sealed') return chooseWhole(book, request);
  const all = [...new Set([...book.unsealed(), ...book.damaged()])];
  const found = all.filter((pair) => passes(stateOf(book, pair), state)).sort(newestFirst);
  return { pairs: found.slice(0, limit), total: found.length };
}

function reasonsOf(damage: readonly FileDamage[]): Reject[] {
  const all = damage.flatMap(({ file, reasons }) => reasons.map((reason) => ({ file, ...reason })));
  return all.slice(0, MOST_REASONS);
}

function kindOf({ processFile, systemFile }: DumpPair): DumpKind {
  if (processFile !== null && systemFile !== null) return 'pair';
  return processFile === null ? 'system' : 'process';
}

function viewOf(book: DumpBook, pair: DumpPair, sealedRows: ReadonlyMap<string, number>): DumpView {
  const damage = book.damageOf(pair);
  const isSealed = book.stageOf(pair) === 'sealed';
  return {
    name: pair.processFile ?? pair.systemFile ?? '',
    kind: kindOf(pair),
    instant: formatInstant(pair.stampInstant),
    state: stateOf(book, pair),
    sealed: isSealed && !damage.some(({ isRefused }) => isRefused),
    rows: isSealed ? (sealedRows.get(pair.processFile ?? '') ?? null) : book.rowsOf(pair),
    rejected_rows: damage.reduce((sum, { lines }) => sum + lines, 0),
    reasons: reasonsOf(damage),
  };
}

function refusedView(damage: FileDamage): DumpView {
  return {
    ...{ name: damage.file, kind: 'other', instant: null, state: 'rejected', sealed: false, rows: null },
    rejected_rows: damage.lines,
    reasons: reasonsOf([damage]),
  };
}

async function readRows(
  book: DumpBook,
  { sealedRows }: Pick<Surroundings, 'sealedRows'>,
  pairs: readonly DumpPair[],
) {
  const ofSealed = pairs.filter((pair) => book.stageOf(pair) === 'sealed');
  const rows = new Map<string, number>();
  for (const date of new Set(ofSealed.map(({ stampInstant }) => formatDay(stampInstant))))
    for (const [file, count] of await sealedRows(date)) rows.set(file, count);
  return rows;
}

/** The dumps of the folder, newest first; files that cannot be dumps come last. */
export async function viewFiles(
  book: DumpBook,
  surroundings: Pick<Surroundings, 'folder' | 'sealedRows'>,
  request: FilesRequest,
): Promise<FilesView> {
  const { pairs, total } = choose(book, request);
  const rows = await readRows(book, surroundings, pairs);
  const refused = passes('rejected', request.state) ? book.refused() : [];
  const dumps = [...pairs.map((pair) => viewOf(book, pair, rows)), ...refused.map(refusedView)];
  const shown = dumps.slice(0, request.limit);
  return {
    folder: surroundings.folder,
    dumps: shown,
    total: total + refused.length,
    shown: shown.length,
    ...book.totals(),
  };
}
