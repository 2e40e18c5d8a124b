import type { Drawing } from './chart-drawing.ts';
import { TICK_FORMATS } from './chart-scale.ts';
import type { Peak } from './chart-spec.ts';
import type { Token } from './colours.ts';
import { escapeMarkup } from './markup.ts';
import type { Span } from './series.ts';

/** Axes, gaps, marks and labels around a chart's lines. */

const PX_PER_TICK = 90;
const TRANSPARENT = 'rgba(0,0,0,0)';
const FONT_PX = 11;

function fontOf({ colour }: Drawing, token: Token = 'muted') {
  return { family: getComputedStyle(document.body).fontFamily, size: FONT_PX, color: colour(token) };
}

interface Band {
  readonly from: number;
  readonly to: number;
  readonly fill: string;
}

/** Above the lines: the area under a line would otherwise be drawn on through a gap. */
function bandShape({ shift }: Drawing, { from, to, fill }: Band) {
  return {
    type: 'rect',
    xref: 'x',
    yref: 'paper',
    ...{ x0: shift.toAxis(from), x1: shift.toAxis(to), y0: 0, y1: 1 },
    layer: 'above',
    line: { width: 0 },
    fillcolor: fill,
  };
}

/** Where the process did not live, within the picture. */
function lifeBands({ spec, colour }: Drawing): Band[] {
  const { life, range } = spec;
  if (!life) return [];
  const fill = colour('gap', 0.6);
  const bands = [
    { from: range.from, to: life.from, fill },
    { from: life.to, to: range.to, fill },
  ];
  return bands.filter(({ from, to }) => from < to);
}

function shapesOf(drawing: Drawing): object[] {
  const { spec, colour, shift } = drawing;
  const gaps = spec.gaps.map(({ from, to }) => ({ from, to, fill: colour('gap') }));
  const marks = (spec.marks ?? []).map(({ t, tone }) => ({
    type: 'line',
    xref: 'x',
    yref: 'paper',
    ...{ x0: shift.toAxis(t), x1: shift.toAxis(t), y0: 0, y1: 1 },
    line: { color: colour(tone), width: 1, dash: 'dot' },
  }));
  return [...[...gaps, ...lifeBands(drawing)].map((band) => bandShape(drawing, band)), ...marks];
}

/** More words than these would stand in each other's way: the rest is told in the list of events. */
const MOST_LABELS = 6;

/** In the last part of a picture a label stands before its line: behind it there is no room. */
const LATE = 0.85;

/** Each label on its own line, turn by turn, so that neighbours do not overlap; a ground keeps it readable over lines. */
function markLabels(drawing: Drawing): object[] {
  const { spec, colour, shift } = drawing;
  const lateFrom = spec.range.from + (spec.range.to - spec.range.from) * LATE;
  const named = (spec.marks ?? []).filter(({ text }) => text);
  return named.slice(0, MOST_LABELS).map(({ t, text, tone }, at) => {
    const isLate = t > lateFrom;
    return {
      text: escapeMarkup(text),
      x: shift.toAxis(t),
      ...{ xref: 'x', yref: 'paper', y: 1, xanchor: isLate ? 'right' : 'left', yanchor: 'top' },
      ...{ xshift: isLate ? -4 : 4, yshift: -(at % 3) * 14, showarrow: false },
      font: fontOf(drawing, tone),
      bgcolor: colour('surface', 0.8),
    };
  });
}

/** Near an edge a label lies on the inner side of its point. */
function anchorAt(t: number, { from, to }: Span): 'left' | 'center' | 'right' {
  const share = (t - from) / (to - from);
  if (share > 0.85) return 'right';
  return share < 0.15 ? 'left' : 'center';
}

/** Width and height that two labels of peaks need, px. */
const LABEL_ROOM = { across: 200, up: 34 } as const;

/** Whether their labels would lie over each other, were both above their points. */
export function areClose(
  a: Peak,
  b: Peak,
  { spec, scale, width }: Pick<Drawing, 'spec' | 'scale' | 'width'>,
) {
  const { range, height } = spec;
  const across = (Math.abs(a.t - b.t) / (range.to - range.from)) * width;
  const up = (Math.abs(a.value - b.value) / scale.size / scale.top) * height;
  return across < LABEL_ROOM.across && up < LABEL_ROOM.up;
}

function peakLabels(drawing: Drawing): object[] {
  const { spec, shift, scale, colour } = drawing;
  return (spec.peaks ?? []).map((peak, at, peaks) => {
    const isBelow = peaks.slice(0, at).some((higher) => areClose(higher, peak, drawing));
    return {
      text: escapeMarkup(peak.text),
      xanchor: anchorAt(peak.t, spec.range),
      x: shift.toAxis(peak.t),
      y: peak.value / scale.size,
      ...{ showarrow: true, arrowhead: 6, arrowsize: 0.8, arrowwidth: 1, ax: 0, ay: isBelow ? 22 : -22 },
      arrowcolor: colour('muted'),
      font: fontOf(drawing, 'text'),
      bgcolor: colour('surface', 0.8),
    };
  });
}

/** The unit stands once, over the axis. */
function unitLabel({ scale }: Drawing) {
  const corner = { xref: 'paper', yref: 'paper', x: 0, y: 1, xanchor: 'right', yanchor: 'bottom' };
  return { text: scale.unit, ...corner, xshift: -6, yshift: 4, showarrow: false };
}

function timeAxis(drawing: Drawing) {
  const { spec, colour, shift, width } = drawing;
  return {
    type: 'date',
    range: [shift.toAxis(spec.range.from), shift.toAxis(spec.range.to)],
    showgrid: false,
    tickangle: 0,
    nticks: Math.max(2, Math.floor(width / PX_PER_TICK)),
    ticks: 'outside',
    ticklen: 4,
    linecolor: colour('line'),
    tickcolor: colour('line'),
    tickformatstops: TICK_FORMATS,
    hoverformat: '%Y-%m-%d %H:%M:%S',
    title: { text: escapeMarkup(shift.label), font: fontOf(drawing), standoff: 6 },
    showspikes: true,
    spikemode: 'across',
    spikethickness: 1,
    spikedash: 'solid',
    spikecolor: colour('muted'),
  };
}

function valueAxis({ colour, scale }: Drawing) {
  const { top } = scale;
  return {
    range: [0, top],
    fixedrange: true,
    gridcolor: colour('line'),
    zeroline: false,
    nticks: 6,
    ticksuffix: ' ',
  };
}

export function layoutOf(drawing: Drawing): object {
  const { spec, colour } = drawing;
  const font = fontOf(drawing);
  const label = { ...font, size: 12, color: colour('text') };
  return {
    height: spec.height,
    autosize: true,
    margin: { l: 44, r: 12, t: 18, b: 52 },
    paper_bgcolor: TRANSPARENT,
    plot_bgcolor: TRANSPARENT,
    font,
    showlegend: false,
    dragmode: 'zoom',
    hovermode: 'x unified',
    hoverlabel: { bgcolor: colour('surface'), bordercolor: colour('line'), font: label },
    modebar: { bgcolor: TRANSPARENT, color: colour('muted'), activecolor: colour('text') },
    shapes: shapesOf(drawing),
    annotations: [unitLabel(drawing), ...markLabels(drawing), ...peakLabels(drawing)],
    xaxis: timeAxis(drawing),
    yaxis: valueAxis(drawing),
  };
}
