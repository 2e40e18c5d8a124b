import type { ChartScale } from './chart-scale.ts';
import { chartScale, formatMeasure } from './chart-scale.ts';
import type { ChartLine, ChartSpec } from './chart-spec.ts';
import type { ReadColour } from './colours.ts';
import { openColours } from './colours.ts';
import { escapeMarkup } from './markup.ts';
import { joinSpans } from './series.ts';
import type { ZoneShift } from './time.ts';
import { openZoneShift } from './time.ts';

/** A chart's lines as the traces of the chart library. */

export const MOST_LINES = 16;
const HATCH_GROUND = 'rgba(0,0,0,0)';

export interface Drawing {
  readonly spec: ChartSpec;
  readonly colour: ReadColour;
  readonly shift: ZoneShift;
  readonly scale: ChartScale;
  readonly width: number;
}

export function prepareDrawing(element: Element, spec: ChartSpec): Drawing {
  return {
    spec,
    colour: openColours(element),
    shift: openZoneShift(spec.zone, spec.range.to),
    scale: chartScale(spec),
    width: element.clientWidth,
  };
}

/** An area is drawn without a line of its own where it is stacked: at gaps it then vanishes. */
function inkOf(line: ChartLine, { colour }: Drawing) {
  const { opacity = 1, width = 1.5, dash = 'solid' } = line;
  if (line.isLayer) return { line: { width: 0 }, stackgroup: 'all', fillcolor: colour(line.colour, opacity) };
  const stroke = { line: { color: colour(line.colour, opacity), width, dash } };
  return line.isFilled ? { ...stroke, fill: 'tozeroy', fillcolor: colour(line.colour, 0.14) } : stroke;
}

/** Lines share most of their instants, and so their places along the axis. */
function openPlaces({ shift }: Drawing): (t: readonly number[]) => string[] {
  const known = new Map<number, string>();
  const placeOf = (t: number) => {
    const place = known.get(t) ?? shift.toAxis(t);
    known.set(t, place);
    return place;
  };
  return (t) => t.map(placeOf);
}

function traceOf(line: ChartLine, drawing: Drawing, x: readonly string[]) {
  const { colour, scale, spec } = drawing;
  // A stack has no holes. What is unknown is told where the hand points, though it has no height.
  const nothing = line.isLayer ? 0 : null;
  return {
    type: 'scatter',
    mode: line.hasMarkers ? 'lines+markers' : 'lines',
    name: escapeMarkup(line.name),
    x,
    y: line.values.map((value) => (value === null ? nothing : value / scale.size)),
    text: line.values.map((value) => (value === null ? 'unknown' : formatMeasure(value, spec.measure))),
    hovertemplate: '%{text}',
    hoverinfo: line.isEdge?.map((isEdge) => (isEdge ? 'none' : 'all')) ?? 'all',
    connectgaps: false,
    marker: { size: 4, color: colour(line.colour) },
    ...inkOf(line, drawing),
  };
}

/** Over the whole height where a line is unknown: hatched, it is no area that has been measured. */
function hatches({ spec, colour, scale, shift }: Drawing): object[] {
  const spans = joinSpans(spec.lines.flatMap(({ unknown = [] }) => unknown));
  if (spans.length === 0) return [];
  const corners = spans.map(({ from, to }) => [shift.toAxis(from), shift.toAxis(to)]);
  const fillpattern = {
    shape: '/',
    fgcolor: colour('muted'),
    bgcolor: HATCH_GROUND,
    size: 8,
    solidity: 0.12,
  };
  return [
    {
      type: 'scatter',
      mode: 'lines',
      x: corners.flatMap(([left, right]) => [left, left, right, right, null]),
      y: corners.flatMap(() => [0, scale.top, scale.top, 0, null]),
      ...{ fill: 'toself', fillpattern, line: { width: 0 }, hoverinfo: 'skip' },
    },
  ];
}

/** In the order of the spec; more lines than can be told apart are left out. */
export function tracesOf(drawing: Drawing): object[] {
  const placesOf = openPlaces(drawing);
  const lines = drawing.spec.lines.slice(0, MOST_LINES);
  return [...lines.map((line) => traceOf(line, drawing, placesOf(line.t))), ...hatches(drawing)];
}
