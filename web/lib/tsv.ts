/** A table of the page as text that spreadsheets take: what is seen, with sizes in bytes and instants in UTC. */

const SECONDS = /^PT(\d+)S$/;

/** What a machine reads where the page shows `1.2 GiB`, `12:00:07` or `3m 4s`. */
function machineText(element: Element): string {
  const text = element.getAttribute('value') ?? element.getAttribute('datetime') ?? '';
  return SECONDS.exec(text)?.[1] ?? text;
}

const NUMBER = /^-?\d+(?:\.\d+)?$/;
/** What no spreadsheet takes for the begin of a formula. */
const PLAIN_BEGIN = /^[\p{L}\p{N}/[(<"'._~–≤]/u;

/** A text that is not plainly one gets an apostrophe in front: commands are written by attackers. */
export function guardText(text: string): string {
  return text === '' || NUMBER.test(text) || PLAIN_BEGIN.test(text) ? text : `'${text}`;
}

function cellText(cell: Element): string {
  const copy = cell.cloneNode(true) as Element;
  for (const aside of copy.querySelectorAll('[aria-hidden=true], button, svg, .learn-link')) aside.remove();
  for (const value of copy.querySelectorAll('data[value], time[datetime]'))
    value.replaceWith(machineText(value));
  return guardText((copy.textContent ?? '').replace(/\s+/g, ' ').trim());
}

/** A cell over several columns stands in the first of them. */
function cellsOf(row: HTMLTableRowElement): string[] {
  return [...row.cells].flatMap((cell) => [cellText(cell), ...Array<string>(cell.colSpan - 1).fill('')]);
}

/** Columns whose values are sizes. */
function byteColumns({ tBodies }: HTMLTableElement): ReadonlySet<number> {
  const rows = [...tBodies].flatMap(({ rows }) => [...rows]);
  const found = rows.flatMap(({ cells }) =>
    [...cells].flatMap((cell, at) => (cell.querySelector('data .u') ? [at] : [])),
  );
  return new Set(found);
}

export interface CopiedTable {
  readonly text: string;
  readonly rows: number;
  /** Rows that the table has, of which a long one shows those in sight. */
  readonly of: number;
}

function isShown(row: HTMLTableRowElement): boolean {
  return row.getAttribute('aria-hidden') !== 'true';
}

/** Headings once (the lowest row of them), then what stands below. */
export function readTable(table: HTMLTableElement): CopiedTable {
  const [headRows, footRows] = [table.tHead, table.tFoot].map((part) => [...(part?.rows ?? [])]);
  const isBytes = byteColumns(table);
  const head = headRows.slice(-1).map(cellsOf);
  const named = head.map((cells) => cells.map((name, at) => (isBytes.has(at) ? `${name} (bytes)` : name)));
  const body = [...table.tBodies].flatMap(({ rows }) => [...rows]).filter(isShown);
  const counted = Number(table.getAttribute('aria-rowcount')) - headRows.length - footRows.length;
  const lines = [...named, ...[...body, ...footRows].map(cellsOf)];
  return {
    text: lines.map((cells) => `${cells.join('\t')}\n`).join(''),
    rows: body.length,
    of: Math.max(body.length, counted),
  };
}
