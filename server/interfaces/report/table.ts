import type { TreeRow } from '../../application/largest-rows.ts';
import type { ReportView } from '../../application/view-report.ts';
import type { ProcessMetricId } from '../../domain/metrics.ts';
import { processMetric } from '../../domain/metrics.ts';
import { displayText } from '../../domain/text-notation.ts';
import { formatBytes, formatDuration } from '../../domain/units.ts';
import { changeCell } from './change.ts';
import type { Markup } from './html.ts';
import { html } from './html.ts';
import { cutName, nameOf } from './texts.ts';

/** The processes of a report: a tree, its totals below. */

/** `wide`: left out where there is little room. */
const COLUMNS: readonly (readonly [ProcessMetricId, 'wide' | 'wide l' | 'narrow'])[] = [
  ['pid', 'narrow'],
  ['user', 'wide l'],
  ['rss_bytes', 'narrow'],
  ['rss_max_bytes', 'wide'],
  ['pss_bytes', 'wide'],
  ['swap_bytes', 'wide'],
  ['subtree_rss_bytes', 'narrow'],
  ['subtree_rss_max_bytes', 'wide'],
  ['lifetime_seconds', 'wide'],
];
const LONGEST_NAME = 300;
const LONGEST_USER = 32;
/** Deeper ones are not indented further. */
const DEEPEST = 12;

function cellText(row: TreeRow, id: ProcessMetricId): string {
  const value = row[id];
  const { unit } = processMetric(id);
  if (value === null) return '–';
  if (unit === 'bytes') return formatBytes(Number(value));
  if (unit === 'seconds') return formatDuration(Number(value));
  return unit === 'text' ? cutName(displayText(String(value)), LONGEST_USER) : String(value);
}

/** How much of the RAM this is, as a bar. */
export function shareBar(bytes: number, total: number | null): Markup | null {
  if (!total) return null;
  const share = Math.min(100, Math.round((bytes / total) * 1000) / 10);
  return html`<svg class="share" aria-hidden="true" viewBox="0 0 100 1" preserveAspectRatio="none"><rect width="${share}" height="1"/></svg>`;
}

function changeOf({ subtree_rss_bytes, base_subtree_rss_bytes: before }: TreeRow): Markup | null {
  return before === undefined ? null : changeCell(subtree_rss_bytes, before);
}

function rowOf(row: TreeRow, { total_bytes }: ReportView): Markup {
  const cells = COLUMNS.map(
    ([id, room]) =>
      html`<td class="${room}">${cellText(row, id)}${id === 'subtree_rss_bytes' ? shareBar(row.subtree_rss_bytes, total_bytes) : null}</td>`,
  );
  return html`<tr><th class="l cmd d${Math.min(row.depth, DEEPEST)}" scope="row"><span class="name">${cutName(nameOf(row), LONGEST_NAME)}</span></th>${cells}${changeOf(row)}</tr>`;
}

function headings({ base }: ReportView): readonly Markup[] {
  const change = html`<th scope="col" title="Of the subtree, since the instant compared with">Change</th>`;
  const columns = COLUMNS.map(([id, room]) => {
    const { label, help } = processMetric(id);
    return html`<th class="${room}" scope="col" title="${help}">${label}</th>`;
  });
  return base ? [...columns, change] : columns;
}

/** A sum of what is known; of how many, where that is not all. */
export function knownSum(bytes: number | null, known: number, processes: number): Markup {
  if (bytes === null || known === processes) return html`${formatBytes(bytes)}`;
  return html`${formatBytes(bytes)} <span class="known">${known} known</span>`;
}

function totalCell({ totals }: ReportView, id: ProcessMetricId): Markup | null {
  const { known, processes } = totals;
  if (id === 'rss_bytes') return html`≤ ${formatBytes(totals.rss_bytes)}`;
  if (id === 'pss_bytes') return knownSum(totals.pss_bytes, known.pss, processes);
  if (id === 'swap_bytes') return knownSum(totals.swap_bytes, known.swap, processes);
  return null;
}

function totalsRow(view: ReportView): Markup {
  const cells = COLUMNS.map(([id, room]) => html`<td class="${room}">${totalCell(view, id)}</td>`);
  return html`<tr><th class="l" scope="row">All ${view.totals.processes} processes</th>${cells}${view.base ? html`<td></td>` : null}</tr>`;
}

function hiddenText({ hidden, rows }: ReportView): string {
  if (hidden.processes === 0) return 'All processes are shown.';
  const all = rows.length + hidden.processes;
  return `${rows.length} of ${all}: those that hold most, with those above them. The others hold ${formatBytes(hidden.rss_bytes)}.`;
}

export function processTable(view: ReportView): Markup {
  const heading = view.process ? 'The process and those below it' : 'Processes';
  return html`<section class="block"><h2>${heading}</h2><p class="muted">${hiddenText(view)}</p>
<div class="table-frame"><table class="rows"><thead><tr><th class="l" scope="col">Command</th>${headings(view)}</tr></thead>
<tbody>${view.rows.map((row) => rowOf(row, view))}</tbody><tfoot>${totalsRow(view)}</tfoot></table></div></section>`;
}
