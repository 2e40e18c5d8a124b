import { createHash } from 'node:crypto';
import type { ReportView } from '../../application/view-report.ts';
import { formatMoment } from '../../domain/moment.ts';
import { displayText } from '../../domain/text-notation.ts';
import { formatBytes, formatDuration } from '../../domain/units.ts';
import { comparedBlock } from './change.ts';
import { memoryFigure, processFigure } from './charts.ts';
import { groupTable } from './groups.ts';
import { html, Markup } from './html.ts';
import { processTable } from './table.ts';
import { rangeText, subjectOf, zoneText } from './texts.ts';
import { tilesFigure } from './tiles.ts';

/** A document that says all of one moment by itself: no script, no request, nothing outside it. */

export interface ReportSetting {
  readonly zone: string;
  /** Epoch ms. */
  readonly made: number;
  readonly version: string;
  /** Style sheet of the document; nothing else may style it. */
  readonly css: string;
}

const MOST_GAPS = 20;

function policyFor(css: string): string {
  const hash = createHash('sha256').update(css).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`;
}

function fact(name: string, value: string): Markup {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function usedText({ used_bytes, total_bytes, ts }: ReportView, zone: string): string {
  const at = formatMoment(ts, zone);
  if (used_bytes === null || total_bytes === null)
    return `The sample of ${at} does not tell how much RAM was used.`;
  const share = Math.round((used_bytes / total_bytes) * 100);
  return `${formatBytes(used_bytes)} of ${formatBytes(total_bytes)} RAM (${share} %) were used at ${at}.`;
}

function processText({ process }: ReportView): string {
  if (!process) return '';
  const { rss_bytes, rss_max_bytes, subtree_rss_bytes, subtree_processes, lifetime_seconds, user } = process;
  const below = subtree_processes - 1;
  const others = below === 0 ? '' : `, with the ${below} below it ${formatBytes(subtree_rss_bytes)}`;
  return ` PID ${process.pid} held ${formatBytes(rss_bytes)} (peak until then ${formatBytes(rss_max_bytes)})${others}; it ran for ${formatDuration(lifetime_seconds)} as ${displayText(user) || 'an unknown user'}.`;
}

function facts(view: ReportView, { zone, made, version }: ReportSetting): Markup {
  const { host, range, ts, coverage } = view;
  return html`<dl class="facts">${fact('Host', displayText(host))}${fact('Instant', formatMoment(ts, zone))}
${fact('Range', rangeText(range.from, range.to, zone))}${fact('Zone', zoneText(ts, zone))}
${fact('Samples', String(coverage.samples))}${fact('Made', `${formatMoment(made, zone)}, Memory Inspector ${version}`)}</dl>`;
}

function coverageBlock({ coverage }: ReportView, zone: string): Markup {
  const { gaps, covered_ratio, duration_seconds } = coverage;
  const items = gaps.slice(0, MOST_GAPS).map(({ from, to, reason }) => {
    const [begin, end] = [Date.parse(from), Date.parse(to)];
    return html`<li>${rangeText(begin, end, zone)} (${formatDuration((end - begin) / 1000)}): ${reason}</li>`;
  });
  const more = gaps.length > MOST_GAPS ? html`<li>and ${gaps.length - MOST_GAPS} more</li>` : null;
  const list = gaps.length > 0 ? html`<ul class="gaps">${items}${more}</ul>` : null;
  // Rounded up, a recording with a gap would be whole.
  const percent = (Math.floor(covered_ratio * 1000) / 10).toFixed(1);
  const gapsText = `${gaps.length === 0 ? 'no' : gaps.length} ${gaps.length === 1 ? 'gap' : 'gaps'}`;
  return html`<section class="block"><h2>Coverage</h2><p>${percent} % of ${formatDuration(duration_seconds)}, ${gapsText}.</p>${list}</section>`;
}

const GLOSSARY = html`<footer class="block muted"><p><strong>RSS</strong> is the RAM that a process has mapped. Pages that several processes share
count in each of them: a sum of RSS (≤) is more than they hold together. <strong>PSS</strong> shares such pages out among those
that map them, so it can be added up; where it is not known stands –. <strong>Subtree</strong> is the process with all its descendants.
<strong>Used</strong> is MemTotal − MemAvailable. 1 GiB = 1024 MiB.</p></footer>`;

/** Which processes the report is of, where it is not all. */
function selectionText({ level, matched, totals, groups }: ReportView): string {
  const which = level === null ? 'Filtered' : `Level ${level}`;
  return `${which}: ${matched} of ${totals.processes} processes${groups ? '' : ', with those above them'}.`;
}

function notes(view: ReportView): Markup {
  const { demo, incomplete, matched } = view;
  const torn = incomplete
    ? html`<p class="note">This sample is incomplete: something of its dump could not be used.</p>`
    : null;
  const filtered = matched === null ? null : html`<p class="note">${selectionText(view)}</p>`;
  return html`${demo ? html`<p class="note">A generated recording, not a real host.</p>` : null}${torn}${filtered}`;
}

/** The whole document. */
export function renderReport(view: ReportView, setting: ReportSetting): string {
  const { zone, css } = setting;
  const title = `${subjectOf(view)}, ${formatMoment(view.ts, zone)}`;
  const answer = view.answer ?? `${usedText(view, zone)}${processText(view)}`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policyFor(css)}">
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,"><title>${title}</title><style>${new Markup(css)}</style></head>
<body><main><header class="page-head"><h1>${subjectOf(view)}</h1>${facts(view, setting)}</header>
${notes(view)}<p class="answer">${answer}</p>${comparedBlock(view, zone)}
${memoryFigure(view, zone)}${processFigure(view, zone)}${tilesFigure(view)}${view.groups ? groupTable(view.groups, view) : processTable(view)}${coverageBlock(view, zone)}${GLOSSARY}</main></body></html>
`.text;
}
