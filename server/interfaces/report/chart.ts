import { byteScale, timeTicks } from './axes.ts';
import type { Markup } from './html.ts';
import { html } from './html.ts';

/** A chart of bytes along time as SVG: drawn once, nothing in it moves. */

export interface ChartLine {
  readonly label: string;
  /** `c1` … `c6` of the design tokens, or the plain text's. */
  readonly colour: 'c1' | 'c2' | 'c3' | 'c4' | 'c5' | 'c6' | 'ink';
  readonly kind: 'area' | 'line' | 'dashed';
  readonly t: readonly number[];
  /** `null` breaks the line. */
  readonly values: readonly (number | null)[];
}

export interface Chart {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly lines: readonly ChartLine[];
  readonly from: number;
  readonly to: number;
  readonly gaps: readonly { readonly from: number; readonly to: number }[];
  /** The instant of the report; drawn where it is in the range. */
  readonly mark: number;
  readonly zone: string;
}

/** What lines are drawn on. */
interface Area {
  readonly width: number;
  readonly height: number;
}

/** Stretched to the page's width; texts are beside it and are not. */
const STRETCHED: Area = { width: 1000, height: 1000 };
/** A single sample has no width. */
const NARROWEST_MS = 60_000;

interface Scale {
  readonly area: Area;
  x(t: number): number;
  y(bytes: number): number;
}

const round = (value: number) => Math.round(value * 10) / 10;

export function knownValues({ values }: Pick<ChartLine, 'values'>): number[] {
  return values.filter((value) => value !== null);
}

/** Stretches between `null`s. */
function stretches({ t, values }: ChartLine): (readonly [number, number])[][] {
  const out: (readonly [number, number])[][] = [[]];
  for (const [at, value] of values.entries()) {
    if (value === null) out.push([]);
    else out[out.length - 1].push([t[at], value]);
  }
  return out.filter((stretch) => stretch.length > 0);
}

function pathOf(line: ChartLine, { area, x, y }: Scale, isFilled: boolean): string {
  return stretches(line)
    .map((stretch) => {
      const points = stretch.map(([t, value]) => `${round(x(t))} ${round(y(value))}`);
      const [first, last] = [stretch[0][0], stretch[stretch.length - 1][0]];
      if (isFilled)
        return `M${round(x(first))} ${area.height}L${points.join('L')}L${round(x(last))} ${area.height}Z`;
      // A sample alone is a dot: round ends make one of a line without length.
      return points.length === 1 ? `M${points[0]}h0` : `M${points.join('L')}`;
    })
    .join('');
}

function drawLine(line: ChartLine, scale: Scale): Markup {
  const area =
    line.kind === 'area' ? html`<path class="fill ${line.colour}" d="${pathOf(line, scale, true)}"/>` : null;
  return html`${area}<path class="line ${line.kind} ${line.colour}" d="${pathOf(line, scale, false)}"/>`;
}

const percent = (share: number) => `${round(share * 100)}%`;

function anchorOf(at: number): string {
  if (at < 0.1) return 'start';
  return at > 0.9 ? 'end' : 'middle';
}

function largestOf(lines: readonly ChartLine[]): number {
  let largest = 0;
  for (const { values } of lines) for (const value of values) largest = Math.max(largest, value ?? 0);
  return largest;
}

/** The scales of a chart, and what is written along them. */
function layOut({ lines, from, to, zone }: Chart, area: Area) {
  const widened = to - from < NARROWEST_MS ? (NARROWEST_MS - (to - from)) / 2 : 0;
  const [begin, end] = [from - widened, to + widened];
  const bytes = byteScale(largestOf(lines));
  const share = (t: number) => Math.min(1, Math.max(0, (t - begin) / (end - begin)));
  return {
    bytes,
    share,
    times: timeTicks(begin, end, zone),
    scale: {
      area,
      x: (t: number) => share(t) * area.width,
      y: (value: number) => area.height - (value / bytes.top) * area.height,
    },
  };
}

/** @param area of its size no program has to scale the width of a line */
export function drawChart(chart: Chart, area: Area = STRETCHED): Markup {
  const { id, title, description, lines, gaps, mark, from, to } = chart;
  const { bytes, times, scale, share } = layOut(chart, area);
  const grid = bytes.ticks.map(({ at }) => {
    const y = round(area.height - at * area.height);
    return html`<path class="grid" d="M0 ${y}H${area.width}"/>`;
  });
  const bands = gaps.map(
    (gap) =>
      html`<rect class="gap" x="${round(scale.x(gap.from))}" y="0" width="${round(scale.x(gap.to) - scale.x(gap.from))}" height="${area.height}"/>`,
  );
  const moment =
    mark >= from && mark <= to
      ? html`<path class="mark" d="M${round(scale.x(mark))} 0V${area.height}"/>`
      : null;
  const heights = bytes.ticks.map(
    ({ at, label }) => html`<text class="tick" x="0" y="${percent(1 - at)}" dy="-4">${label}</text>`,
  );
  const stamps = times.map(
    ({ at, label }) =>
      html`<text class="tick" x="${percent(at)}" y="100%" dy="16" text-anchor="${anchorOf(at)}">${label}</text>`,
  );
  return html`<svg class="chart" overflow="visible" role="img" aria-labelledby="${id}-title ${id}-text"><title id="${id}-title">${title}</title><desc id="${id}-text">${description}</desc>
<svg class="plot" x="0" y="0" width="100%" height="100%" viewBox="0 0 ${area.width} ${area.height}" preserveAspectRatio="none">${bands}${grid}${lines.map((line) => drawLine(line, scale))}${moment}</svg>
${heights}${stamps}${markLabel(chart, share(mark))}</svg>`;
}

function markLabel({ mark, from, to }: Chart, at: number): Markup | null {
  if (mark < from || mark > to) return null;
  const text = at > 0.5 ? html`text-anchor="end" dx="-5"` : html`dx="5"`;
  return html`<text class="tick moment" x="${percent(at)}" y="0" dy="12" ${text}>this report</text>`;
}

/** The same colour beside a name. */
export function drawSwatch({ colour, kind }: ChartLine): Markup {
  const area = kind === 'area' ? html`<rect class="fill ${colour}" width="18" height="10"/>` : null;
  const y = kind === 'area' ? 1 : 5;
  return html`<svg class="swatch" aria-hidden="true" viewBox="0 0 18 10">${area}<path class="line ${kind} ${colour}" d="M0 ${y}H18"/></svg>`;
}
