import type { ReportGroups, ReportView } from '../../application/view-report.ts';
import type { ProcessGroup } from '../../domain/groups.ts';
import { GROUPING_LABELS } from '../../domain/process-filter.ts';
import { shortNameOf } from '../../domain/short-names.ts';
import { displayText } from '../../domain/text-notation.ts';
import { formatBytes } from '../../domain/units.ts';
import { changeCell } from './change.ts';
import type { Markup } from './html.ts';
import { html } from './html.ts';
import { knownSum, shareBar } from './table.ts';
import { cutName } from './texts.ts';

/** The processes of a report put together, as the page of groups does. */

const LONGEST_NAME = 300;
const LONGEST_PROCESS = 40;

function nameOf({ name }: ProcessGroup, by: ReportGroups['by']): string {
  if (name === null) return 'unknown';
  if (name === '') return by === 'cmd' ? 'no command line' : 'without a name';
  return cutName(displayText(name), LONGEST_NAME);
}

/** 0 at the base: the group had no process then. */
function changeOf({ rss_bytes, base_rss_bytes: before }: ProcessGroup): Markup | null {
  return before === undefined ? null : changeCell(rss_bytes, before === 0 && rss_bytes > 0 ? null : before);
}

function rowOf(group: ProcessGroup, by: ReportGroups['by'], total: number | null): Markup {
  const { processes, rss_bytes, rss_is_upper_bound, pss_bytes, swap_bytes, known, largest } = group;
  const bound = rss_is_upper_bound ? '≤ ' : '';
  return html`<tr><th class="l cmd" scope="row"><span class="name">${nameOf(group, by)}</span></th><td>${processes}</td>
<td>${bound}${formatBytes(rss_bytes)}${shareBar(rss_bytes, total)}</td>${changeOf(group)}<td class="wide">${knownSum(pss_bytes, known.pss, processes)}</td>
<td class="wide">${knownSum(swap_bytes, known.swap, processes)}</td><td class="wide l">${cutName(shortNameOf(largest), LONGEST_PROCESS)}, ${formatBytes(largest.rss_bytes)}</td></tr>`;
}

function totalsRow({ groups_total, totals }: ReportGroups, isCompared: boolean): Markup {
  const { processes, rss_bytes, pss_bytes, swap_bytes, known } = totals;
  return html`<tr><th class="l" scope="row">Total of ${groups_total} groups</th><td>${processes}</td><td>${processes > 1 ? '≤ ' : ''}${formatBytes(rss_bytes)}</td>
${isCompared ? html`<td></td>` : null}<td class="wide">${knownSum(pss_bytes, known.pss, processes)}</td><td class="wide">${knownSum(swap_bytes, known.swap, processes)}</td><td class="wide"></td></tr>`;
}

export function groupTable(grouped: ReportGroups, { total_bytes, base }: ReportView): Markup {
  const { by, groups, groups_total } = grouped;
  const label = GROUPING_LABELS[by];
  const some = groups.length < groups_total ? `The largest ${groups.length} of ${groups_total} groups. ` : '';
  return html`<section class="block"><h2>Processes by ${label}</h2><p class="muted">${some}≤: pages that the processes of a group share count once for each.</p>
<div class="table-frame"><table class="rows"><thead><tr><th class="l" scope="col">Name</th><th scope="col">Processes</th><th scope="col">RSS</th>${base ? html`<th scope="col">Change</th>` : null}<th class="wide" scope="col">PSS</th><th class="wide" scope="col">Swap</th><th class="wide l" scope="col">Largest process</th></tr></thead>
<tbody>${groups.map((group) => rowOf(group, by, total_bytes))}</tbody><tfoot>${totalsRow(grouped, base !== null)}</tfoot></table></div></section>`;
}
