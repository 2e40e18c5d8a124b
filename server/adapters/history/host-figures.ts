import type { SystemSeriesId } from '../../application/ports.ts';
import type { Numbers } from './segment-files.ts';

/**
 * System figures along a host's spine, as columns that answers are cut from without copying. A column is there from
 * the first question for it on: a page asks for a third of the catalogue.
 */
export interface HostFigures {
  missing(ids: readonly SystemSeriesId[]): readonly SystemSeriesId[];
  /** A column's values, `length` of them or more. */
  column(id: SystemSeriesId): Float64Array;
  /** Of `values` the first `count` are known; there may be room for more. */
  setColumn(id: SystemSeriesId, values: Float64Array, count: number): void;
  /** A sample came in: `index` is its place among now `count`. */
  insert(index: number, count: number, values: Readonly<Partial<Record<SystemSeriesId, number>>>): void;
}

/** A day of minutes: samples that may come in before a column is copied; a shorter one is not worth sharing. */
const DAY = 1440;

/** Columns of one value share their memory: what a kernel does not tell, swap where there is none. */
function openAlike() {
  const byValue = new Map<number, Float64Array>();
  const onlyValues = new WeakMap<Float64Array, number>();
  return {
    /** A column that has the same, or this one, of which the first `count` are known. */
    shared(values: Float64Array, count: number): Float64Array {
      const [value] = values;
      if (count < DAY) return values;
      for (let at = 1; at < count; at++) if (!Object.is(values[at], value)) return values;
      const known = byValue.get(value);
      if (known && known.length >= values.length) return known;
      byValue.set(value, values);
      onlyValues.set(values, value);
      return values;
    },
    /** What another value may be put into. */
    own(values: Float64Array, added: number): Float64Array {
      const value = onlyValues.get(values);
      if (value === undefined || Object.is(value, added)) return values;
      byValue.delete(value);
      return values.slice();
    },
  };
}

export function openHostFigures(): HostFigures {
  const columns = new Map<SystemSeriesId, Float64Array>();
  const alike = openAlike();

  function column(id: SystemSeriesId): Float64Array {
    const values = columns.get(id);
    if (!values) throw new RangeError(`${id} has not been read`);
    return values;
  }

  function withRoom(id: SystemSeriesId, count: number): Float64Array {
    const old = column(id);
    if (old.length >= count) return old;
    const grown = new Float64Array(Math.ceil(count * 1.25) + 64);
    grown.set(old);
    columns.set(id, grown);
    return grown;
  }

  return {
    missing: (ids) => ids.filter((id) => !columns.has(id)),
    column,
    setColumn: (id, values, count) => columns.set(id, alike.shared(values, count)),
    insert(index, count, values) {
      for (const id of columns.keys()) {
        const target = alike.own(withRoom(id, count), values[id] ?? Number.NaN);
        columns.set(id, target);
        // Answers that were cut from this column end before its end, unless a sample came in late.
        if (index < count - 1) columns.set(id, target.slice().copyWithin(index + 1, index, count - 1));
        column(id)[index] = values[id] ?? Number.NaN;
      }
    },
  };
}

/** One column along a spine of samples that are sealed (in order, from `sealed`) or of the tail. */
export function alongSpine(
  id: SystemSeriesId,
  spine: { readonly t: readonly number[]; readonly sealed: readonly number[] },
  segments: readonly Numbers[],
  tail: (t: number) => Readonly<Partial<Record<SystemSeriesId, number>>>,
): Float64Array {
  const values = new Float64Array(spine.t.length + DAY);
  let segment = 0;
  let row = 0;
  for (let at = 0; at < spine.t.length; at++) {
    if (spine.sealed[at] === 0) {
      values[at] = tail(spine.t[at])[id] ?? Number.NaN;
      continue;
    }
    while (row >= segments[segment][id].length) {
      segment++;
      row = 0;
    }
    values[at] = segments[segment][id][row++];
  }
  return values;
}
