import type { ComponentChildren } from 'preact';
import { shareStyle } from './process-cell.tsx';
import { ScrollFrame } from './scroll-frame.tsx';
import { Term } from './term.tsx';

/** A table of a few kinds of figures, one line each: the first column is what a row is called. */

export interface PlainColumn<Row> {
  readonly head: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** Text: on the left. */
  readonly isText?: boolean;
  /** Not shown where there is little room. */
  readonly isFurther?: boolean;
  /** Shaded by its share of this much. */
  readonly shade?: (row: Row) => { readonly bytes: number | null; readonly of: number | null };
}

interface PlainTableProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
  readonly columns: readonly [PlainColumn<Row>, ...PlainColumn<Row>[]];
}

function classOf<Row>({ isText, isFurther, shade }: PlainColumn<Row>): string {
  return [isText ? 'l' : 'num', isFurther && 'opt', shade && 'heat'].filter(Boolean).join(' ');
}

function Cell<Row>({ row, column }: { readonly row: Row; readonly column: PlainColumn<Row> }) {
  const shade = column.shade?.(row);
  return (
    <td class={classOf(column)} style={shade && shareStyle(shade.bytes ?? 0, shade.of)}>
      {column.cell(row)}
    </td>
  );
}

export function PlainTable<Row>({ label, rows, keyOf, columns }: PlainTableProps<Row>) {
  const [name, ...figures] = columns;
  return (
    <ScrollFrame label={label}>
      <table class="plain-table" aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.head} scope="col" class={classOf(column)}>
                <Term text={column.head} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              <th scope="row" class="l">
                {name.cell(row)}
              </th>
              {figures.map((column) => (
                <Cell key={column.head} row={row} column={column} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollFrame>
  );
}
