import type { Joined, Row } from './join-lines.ts';
import type { Span } from './series.ts';
import { guardText } from './tsv.ts';

/** What the live page shows, as files that are made in the browser: no server keeps it. */

export interface ExportedLine {
  readonly id: string;
  /** `Main Service bytes` */
  readonly column: string;
}

interface Shown {
  readonly joined: Pick<Joined, 'rows' | 'gaps'>;
  readonly span: Span;
  readonly lines: readonly ExportedLine[];
}

function rowsWithin({ joined: { rows }, span: { from, to } }: Shown): readonly Row[] {
  return rows.filter(({ t }) => from <= t && t <= to);
}

function sourceOf({ isLive }: Row): string {
  return isLive ? 'live' : 'recorded';
}

/** RFC 4180, and no cell that a spreadsheet would take for a formula. */
function csvCell(text: string): string {
  const guarded = guardText(text);
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** Instants in UTC; unknown is an empty cell. */
export function encodeShownCsv(shown: Shown): string {
  const { lines } = shown;
  const head = ['instant', 'source', ...lines.map(({ column }) => column)];
  const body = rowsWithin(shown).map((row) => [
    new Date(row.t).toISOString(),
    sourceOf(row),
    ...lines.map(({ id }) => String(row.values[id] ?? '')),
  ]);
  return [head, ...body].map(csvLine).join('');
}

/** Epoch ms; unknown is `null`. @param about whose it is */
export function encodeShownJson(shown: Shown, about: Readonly<Record<string, string | undefined>>): string {
  const { joined, lines } = shown;
  const rows = rowsWithin(shown).map((row) => ({
    t: row.t,
    source: sourceOf(row),
    ...Object.fromEntries(lines.map(({ id, column }) => [column, row.values[id] ?? null])),
  }));
  return `${JSON.stringify({ ...about, gaps: joined.gaps, rows }, null, 1)}\n`;
}
