import type { DuckDBType } from '@duckdb/node-api';
import { BOOLEAN, DuckDBTypeId, ENUM, VARCHAR } from '@duckdb/node-api';

/** Where a column puts some of its values, in the layout of its type, before DuckDB copies them. */
export interface Staging {
  readonly buffer: ArrayBuffer;
  readonly doubles: Float64Array;
  readonly floats: Float32Array;
  readonly ints: Int32Array;
  readonly shorts: Uint16Array;
  readonly bytes: Uint8Array;
  /** A bit a value, all of them 1; 0 where it is NULL. */
  readonly validity: Uint32Array<ArrayBuffer>;
}

export interface StreamColumn {
  readonly name: string;
  readonly type: DuckDBType;
  /** How many texts a column of few texts can have; 0 for the others. */
  readonly words: number;
  /** A value's size; 0 for texts that are not fixed in size. */
  readonly bytes: number;
  /** Puts the values of rows `from … from + count` at the begin. @returns whether any of them is NULL */
  fill(staging: Staging, from: number, count: number): boolean;
  /** Of a text column, in the place of `fill`; `null` for the others. */
  readonly texts: readonly string[] | null;
}

export interface StreamTable {
  readonly columns: readonly StreamColumn[];
  readonly rows: number;
  /** Where row groups end; their size is that of the smallest but the last. */
  readonly ends: readonly number[];
  readonly groupRows: number;
  /** Where the columns do not hold all rows: makes them hold these, as rows 0 … count. */
  readonly fetch?: (from: number, count: number) => void;
}

/** DuckDB's vector size: a data chunk cannot hold more rows. */
export const CHUNK_ROWS = 2048;

/** A table that is one row group. */
export function wholeTable(columns: readonly StreamColumn[], rows: number): StreamTable {
  const groupRows = Math.max(1, Math.ceil(rows / CHUNK_ROWS)) * CHUNK_ROWS;
  return { columns, rows, ends: [rows], groupRows };
}

/** Values at equal distances: row `i` of the column is `values[i * stride + first]`. */
export interface Strided<Values extends Float64Array | Float32Array | Int32Array> {
  readonly values: Values;
  readonly stride: number;
  readonly first: number;
}

/** Values side by side. */
export function sideBySide<Values extends Float64Array | Float32Array | Int32Array>(
  values: Values,
): Strided<Values> {
  return { values, stride: 1, first: 0 };
}

export function openStaging(rows: number): Staging {
  const buffer = new ArrayBuffer(rows * 8);
  return {
    buffer,
    doubles: new Float64Array(buffer),
    floats: new Float32Array(buffer),
    ints: new Int32Array(buffer),
    shorts: new Uint16Array(buffer),
    bytes: new Uint8Array(buffer),
    validity: new Uint32Array(Math.ceil(rows / 64) * 2).fill(0xffffffff),
  };
}

/** At a place of the staging. */
export function markNull(validity: Uint32Array, at: number): void {
  validity[at >> 5] &= ~(1 << (at & 31));
}

/** @param flags 1 or 0 */
export function flagColumn(name: string, flags: Uint8Array): StreamColumn {
  return {
    name,
    type: BOOLEAN,
    bytes: 1,
    words: 0,
    texts: null,
    fill({ bytes }, from, count) {
      bytes.set(flags.subarray(from, from + count));
      return false;
    },
  };
}

/** Texts that are all known, most of them different. */
export function textColumn(name: string, texts: readonly string[]): StreamColumn {
  return { name, type: VARCHAR, bytes: 0, words: 0, texts, fill: () => false };
}

const WIDTHS: Readonly<Partial<Record<number, { bytes: number; view: 'bytes' | 'shorts' | 'ints' }>>> = {
  [DuckDBTypeId.UTINYINT]: { bytes: 1, view: 'bytes' },
  [DuckDBTypeId.USMALLINT]: { bytes: 2, view: 'shorts' },
  [DuckDBTypeId.UINTEGER]: { bytes: 4, view: 'ints' },
};

/** DuckDB has no enumeration of nothing. */
const NO_TEXTS = [''];

interface Words {
  /** Of texts, −1 is NULL. */
  readonly ids: Int32Array;
  /** Of a row among the ids; `null`: they are by row. */
  readonly places: Int32Array | null;
}

function fillWords(
  into: Uint8Array | Uint16Array | Int32Array,
  { ids, places }: Words,
  { validity }: Staging,
  from: number,
  count: number,
): boolean {
  let hasNulls = false;
  for (let at = 0; at < count; at++) {
    const id = ids[places === null ? from + at : places[from + at]];
    into[at] = id;
    if (id < 0) {
      into[at] = 0;
      markNull(validity, at);
      hasNulls = true;
    }
  }
  return hasNulls;
}

/**
 * Texts by number, −1 is NULL: DuckDB then writes the dictionary as it is, and hashes no row's text.
 * @param places of rows among `ids`; `null`: those are by row
 */
export function wordColumn(
  name: string,
  texts: readonly string[],
  ids: Int32Array,
  places: Int32Array | null = null,
): StreamColumn {
  const type = ENUM(texts.length > 0 ? texts : NO_TEXTS);
  const width = WIDTHS[type.internalTypeId];
  if (!width) throw new RangeError(`an enumeration of ${texts.length} texts has no known layout`);
  const words = { ids, places };
  return {
    name,
    type,
    bytes: width.bytes,
    words: texts.length,
    texts: null,
    fill: (staging, from, count) => fillWords(staging[width.view], words, staging, from, count),
  };
}
