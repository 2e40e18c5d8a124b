import type { ReportView } from '../../application/view-report.ts';
import { formatMoment } from '../../domain/moment.ts';
import { formatBytes, formatChange } from '../../domain/units.ts';
import type { Markup } from './html.ts';
import { html } from './html.ts';

/** What changed since the base of a report, where it has one. */

/** @param before bytes at the base; `null`: nothing was there then */
export function changeCell(now: number, before: number | null): Markup {
  return html`<td>${before === null ? 'new' : formatChange(now - before)}</td>`;
}

function goneText({ gone }: ReportView): string {
  if (!gone || gone.processes === 0) return 'no process of then is gone';
  const { processes, rss_bytes } = gone;
  return `${processes} ${processes === 1 ? 'process is' : 'processes are'} gone (held ${formatBytes(rss_bytes)})`;
}

export function comparedBlock(view: ReportView, zone: string): Markup | null {
  const { base, used_bytes } = view;
  if (!base) return null;
  const isKnown = base.used_bytes !== null && used_bytes !== null;
  const used = isKnown ? `used memory ${formatChange(used_bytes - base.used_bytes)}, ` : '';
  return html`<p class="compared">Since ${formatMoment(Date.parse(base.ts), zone)}: ${used}${goneText(view)}.</p>`;
}
