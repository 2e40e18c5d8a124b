import { DataFrame, Series } from 'danfojs-node';
import type { DataFrames } from '../../application/command-ports.ts';

/** The DataFrame face: a snapshot for people's own analysis. Importing Danfo costs most of a second. */

type Row = Readonly<Record<string, string | number | boolean | null>>;

/** Rows → a DataFrame; an unknown number is NaN, an unknown text is empty. */
export function toDataFrame(rows: readonly Row[]): DataFrame {
  const columns = Object.keys(rows[0] ?? {});
  const isText = new Set(columns.filter((name) => rows.some((row) => typeof row[name] === 'string')));
  const unknown = (name: string) => (isText.has(name) ? '' : Number.NaN);
  return new DataFrame(
    rows.map((row) => columns.map((name) => row[name] ?? unknown(name))),
    { columns },
  );
}

const STATISTICS = ['count', 'mean', 'std', 'min', 'median', 'max', 'variance'];

const SPREADS = new Set(['std', 'variance']);

function isKnown(value: Row[string]): value is number {
  return typeof value === 'number' && !Number.isNaN(value);
}

/** `DataFrame.describe` lets one unknown value spoil a column (danfojs 1.2.0), so each is described by what is known. */
function describeColumn(values: readonly Row[string][]): number[] {
  const known = values.filter(isKnown);
  if (known.length === 0) return STATISTICS.map((name) => (name === 'count' ? 0 : Number.NaN));
  const described = new Series(known).describe().values as number[];
  if (known.length > 1) return described;
  // How far one value spreads is unknown; Danfo says 0.
  return described.map((value, at) => (SPREADS.has(STATISTICS[at]) ? Number.NaN : value));
}

/** Statistics of each numeric column over its known values: a row a column. */
export function describeFrame(rows: readonly Row[]): DataFrame {
  const names = Object.keys(rows[0] ?? {});
  const described = names.map((name) => describeColumn(rows.map((row) => row[name])));
  return new DataFrame(described, { index: names, columns: STATISTICS });
}

/** Whole numbers as they are, others to two places; unknown is an en dash. */
function rounded(value: number): string {
  if (Number.isNaN(value)) return '–';
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

export function openDataFrames(): DataFrames {
  return {
    async describe(rows) {
      const frame = describeFrame(rows);
      const values = (frame.values as number[][]).map((line) => line.map(rounded));
      const shown = new DataFrame(values, {
        index: frame.index as string[],
        columns: STATISTICS,
        config: { tableMaxColInConsole: STATISTICS.length + 1, tableMaxRow: values.length },
      });
      return `${shown.toString()}\n`;
    },
  };
}
