import type { ComparedRow, Comparison } from '../../application/compare-base.ts';
import { formatBytes, formatChange } from '../../domain/units.ts';
import type { Column } from './terminal-table.ts';

/** What `--base` adds to a table for a terminal. */

const CHANGE: Column<ComparedRow> = {
  head: 'Δ SUBTREE',
  isLeft: false,
  cell: ({ base_subtree_rss_bytes: before, subtree_rss_bytes }) =>
    typeof before === 'number' ? formatChange(subtree_rss_bytes - before) : 'new',
};

export function changeColumns({ base }: Comparison): readonly Column<ComparedRow>[] {
  return base ? [CHANGE] : [];
}

/** A line below the table; nothing without a base. */
export function compareNote({ base, gone }: Comparison): string {
  if (!base || !gone) return '';
  const used = base.used_bytes === null ? '' : `, when ${formatBytes(base.used_bytes)} were used`;
  return `Compared with ${base.ts}${used}; ${gone.processes} processes of then are gone (${formatBytes(gone.rss_bytes)}).\n`;
}
