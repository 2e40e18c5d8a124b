import type { ReportLine } from '../../application/report-lines.ts';
import type { ReportView } from '../../application/view-report.ts';
import { formatBytes } from '../../domain/units.ts';
import type { Chart, ChartLine } from './chart.ts';
import { drawChart, drawSwatch, knownValues } from './chart.ts';
import type { Markup } from './html.ts';
import { html } from './html.ts';
import { cutName, nameOf, rangeText } from './texts.ts';

/** The two charts of a report, each with a table of what it shows. */

const LONGEST_LABEL = 80;
const COLOURS = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6'] as const;

function legendRow(line: ChartLine): Markup {
  const values = knownValues(line);
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  const unknown = values.length === 0;
  return html`<tr><th class="l" scope="row">${drawSwatch(line)}<span class="name">${line.label}</span></th>
<td>${formatBytes(unknown ? null : values[values.length - 1])}</td><td>${formatBytes(unknown ? null : largest)}</td></tr>`;
}

function figure(heading: string, chart: Chart): Markup {
  return html`<figure class="block"><figcaption><h2>${heading}</h2></figcaption>
${drawChart(chart)}
<table class="legend"><thead><tr><th class="l" scope="col">Line</th><th scope="col">At the end</th><th scope="col">Largest</th></tr></thead>
<tbody>${chart.lines.map(legendRow)}</tbody></table></figure>`;
}

function frameOf({ range, coverage, ts }: ReportView, zone: string) {
  const gaps = coverage.gaps.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }));
  return { from: range.from, to: range.to, gaps, mark: ts, zone };
}

function describe({ range, coverage }: ReportView, zone: string): string {
  const { length } = coverage.gaps;
  const gaps = length === 0 ? 'no gaps' : `${length} ${length === 1 ? 'gap' : 'gaps'}, drawn as bands`;
  return `${rangeText(range.from, range.to, zone)}, ${gaps}. The figures are below it.`;
}

function valuesOf(series: Float64Array): (number | null)[] {
  return Array.from(series, (value) => (Number.isNaN(value) ? null : value));
}

/** Lines of which nothing is known are left out, and swap where there is none. */
function memoryLines({ memory }: ReportView): ChartLine[] {
  const { t } = memory;
  const lines: ChartLine[] = [
    { label: 'Used (total − available)', colour: 'c1', kind: 'area', t, values: valuesOf(memory.used_bytes) },
    {
      label: 'Shared memory and tmpfs, of that',
      colour: 'c3',
      kind: 'line',
      t,
      values: valuesOf(memory.shmem_bytes),
    },
    { label: 'Swap used', colour: 'c2', kind: 'line', t, values: valuesOf(memory.swap_used_bytes) },
    { label: 'RAM in total', colour: 'ink', kind: 'dashed', t, values: valuesOf(memory.mem_total_bytes) },
  ];
  const hasSwap = memory.swap_total_bytes.some((bytes) => bytes > 0);
  return lines.filter((line) => knownValues(line).length > 0 && (line.colour !== 'c2' || hasSwap));
}

function memoryChart(view: ReportView, zone: string): Chart {
  return {
    ...frameOf(view, zone),
    id: 'memory',
    title: 'RAM and swap along time',
    description: describe(view, zone),
    lines: memoryLines(view),
  };
}

export function memoryFigure(view: ReportView, zone: string): Markup {
  return figure('RAM and swap', memoryChart(view, zone));
}

function processLine({ pid, cmd, comm, of, t, rss_bytes }: ReportLine, at: number): ChartLine {
  const name = `${pid} ${cutName(nameOf({ cmd, comm }), LONGEST_LABEL)}`;
  const isSubtree = of === 'subtree';
  return {
    label: isSubtree ? `${name}, with all below it` : name,
    colour: COLOURS[at % COLOURS.length],
    kind: isSubtree ? 'dashed' : 'line',
    t,
    values: rss_bytes,
  };
}

const headingOf = ({ process }: ReportView) =>
  process ? 'RSS of the process' : 'RSS of the largest processes';

function processChart(view: ReportView, zone: string): Chart {
  return {
    ...frameOf(view, zone),
    id: 'processes',
    title: `${headingOf(view)} along time`,
    description: describe(view, zone),
    lines: view.lines.map(processLine),
  };
}

export function processFigure(view: ReportView, zone: string): Markup {
  return figure(headingOf(view), processChart(view, zone));
}

/** What the report is about: a process, or the memory of the host. */
export function mainChart(view: ReportView, zone: string): Chart {
  return view.process ? processChart(view, zone) : memoryChart(view, zone);
}
