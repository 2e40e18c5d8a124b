import { TEXT_COLUMNS } from '../../../domain/metrics.ts';
import { withRoom } from './grow.ts';
import type { TextIds } from './text-ids.ts';
import { openTextIds } from './text-ids.ts';

/**
 * The texts of a day's rows. What a row has in all of its text columns is one number: nearly every row has what one of
 * the same pid had before.
 */
export interface RowTexts {
  /** In the order of `TEXT_COLUMNS`. */
  readonly columns: readonly TextIds[];
  count: number;
  /** By `columns`, then number: the id of its text, −1 where that is unknown. */
  readonly ids: Int32Array[];
  /** The number of the same pid that came before, −1: none. */
  older: Int32Array;
  /** By the pid's slot: the number that is newest, and that of its last row, with its texts. */
  readonly newest: number[];
  readonly last: number[];
  readonly lastTexts: (string | null)[];
}

/** By `TEXT_COLUMNS`, then row. */
export type TextTable = readonly (readonly (string | null)[])[];

const WIDTH = TEXT_COLUMNS.length;
/** A process that shows another title in each sample is not to be compared with all that it has shown. */
const MOST_LOOKS = 8;

export function openRowTexts(): RowTexts {
  return {
    columns: TEXT_COLUMNS.map(openTextIds),
    count: 0,
    ids: TEXT_COLUMNS.map(() => new Int32Array(0)),
    older: new Int32Array(0),
    newest: [],
    last: [],
    lastTexts: [],
  };
}

/** Whether these are the texts of the pid's last row. The decoder gives the same strings again: addresses are compared. */
function isAsLast({ lastTexts }: RowTexts, slot: number, table: TextTable, row: number): boolean {
  const first = slot * WIDTH;
  for (let column = 0; column < WIDTH; column++)
    if (lastTexts[first + column] !== table[column][row]) return false;
  return true;
}

function areSame(ids: readonly Int32Array[], a: number, b: number): boolean {
  for (let column = 0; column < WIDTH; column++) if (ids[column][a] !== ids[column][b]) return false;
  return true;
}

/** The number of the pid that has the same ids as the next one, −1: none. */
function findSame({ ids, count, older, newest }: RowTexts, slot: number): number {
  let number = newest[slot];
  for (let looks = 0; number >= 0 && looks < MOST_LOOKS; looks++) {
    if (areSame(ids, number, count)) return number;
    number = older[number];
  }
  return -1;
}

function keepSlot({ newest, last, lastTexts }: RowTexts, slot: number): void {
  while (newest.length <= slot) {
    newest.push(-1);
    last.push(-1);
    for (let column = 0; column < WIDTH; column++) lastTexts.push(null);
  }
}

/** The number of texts that are not those of the pid's last row. */
function changedNumber(texts: RowTexts, slot: number, table: TextTable, row: number): number {
  const { columns, count } = texts;
  keepSlot(texts, slot);
  for (let column = 0; column < WIDTH; column++) {
    const text = table[column][row];
    texts.lastTexts[slot * WIDTH + column] = text;
    texts.ids[column] = withRoom(texts.ids[column], count + 1);
    texts.ids[column][count] = columns[column].idOf(text);
  }
  const known = findSame(texts, slot);
  if (known >= 0) return known;
  texts.older = withRoom(texts.older, count + 1);
  texts.older[count] = texts.newest[slot];
  texts.newest[slot] = count;
  return texts.count++;
}

/** The number of the texts of a row, whose pid has the slot. */
export function numberOfTexts(texts: RowTexts, slot: number, table: TextTable, row: number): number {
  if (slot < texts.last.length && isAsLast(texts, slot, table, row)) return texts.last[slot];
  const number = changedNumber(texts, slot, table, row);
  texts.last[slot] = number;
  return number;
}

/** What a number has in a column; `null`: unknown. */
export function textOf({ ids, columns }: RowTexts, number: number, column: number): string | null {
  const id = ids[column][number];
  return id < 0 ? null : columns[column].texts[id];
}
