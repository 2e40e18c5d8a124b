import type * as PlotlyModule from 'plotly.js-dist';
import type {
  Config,
  Data,
  Layout,
  PlotlyHTMLElement,
  PlotMouseEvent,
  PlotRelayoutEvent,
} from 'plotly.js-dist';
import { formatBytes } from '../../server/domain/units.ts';
import type { ChartScale } from './chart-scale.ts';
import { chartScale, TICK_FORMATS } from './chart-scale.ts';
import type { Chart, ChartEvents, ChartLine, ChartSpec } from './chart-spec.ts';
import type { ReadColour } from './colours.ts';
import { openColours } from './colours.ts';
import { loadScript } from './load-script.ts';
import { escapeMarkup } from './markup.ts';
import type { Span } from './series.ts';
import type { ZoneShift } from './time.ts';
import { openZoneShift } from './time.ts';

/** The only file that knows Plotly. It takes lines of bytes along time and tells which instant was meant. */

type Plotly = typeof PlotlyModule;

declare global {
  interface Window {
    Plotly?: Plotly;
  }
}

const MOST_LINES = 13;
const PX_PER_TICK = 90;
const TRANSPARENT = 'rgba(0,0,0,0)';
const ZOOM_SETTLES_MS = 150;
/** After a double click Plotly also reports the range that it went back to. */
const RESET_SETTLES_MS = 400;

const CONFIG: Partial<Config> = {
  displaylogo: false,
  showSendToCloud: false,
  plotlyServerURL: '',
  responsive: true,
  scrollZoom: false,
  doubleClick: 'reset',
  modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d', 'pan2d', 'zoom2d'],
};

/**
 * The library brings the styles of its maps (we draw none) as text in a <style>, which our content security
 * policy refuses and reports. It leaves them out where an element of this id is already there.
 */
const MAP_STYLES_ID = '9f215cf04c5486422605d13261cb87401f4e7763b6296af81e98efbc0130da53';

function leaveOutMapStyles(): void {
  if (document.getElementById(MAP_STYLES_ID)) return;
  const placeholder = document.createElement('meta');
  placeholder.id = MAP_STYLES_ID;
  document.head.append(placeholder);
}

/** When the first chart is needed. */
async function requirePlotly(): Promise<Plotly> {
  leaveOutMapStyles();
  await loadScript(document.documentElement.dataset.plotly ?? '');
  if (!window.Plotly) throw new Error('no chart library');
  return window.Plotly;
}

interface Drawing {
  readonly spec: ChartSpec;
  readonly colour: ReadColour;
  readonly shift: ZoneShift;
  readonly scale: ChartScale;
  readonly width: number;
}

function prepare(element: Element, spec: ChartSpec): Drawing {
  return {
    spec,
    colour: openColours(element),
    shift: openZoneShift(spec.zone, spec.range.to),
    scale: chartScale(spec),
    width: element.clientWidth,
  };
}

/** An area is drawn without a line of its own where it is stacked: at gaps it then vanishes. */
function inkOf(line: ChartLine, { spec, colour }: Drawing) {
  const { opacity = 1, width = 1.5, dash = 'solid' } = line;
  if (spec.isStacked)
    return { line: { width: 0 }, stackgroup: 'all', fillcolor: colour(line.colour, opacity) };
  const stroke = { line: { color: colour(line.colour, opacity), width, dash } };
  return line.isFilled ? { ...stroke, fill: 'tozeroy', fillcolor: colour(line.colour, 0.14) } : stroke;
}

function traceOf(line: ChartLine, drawing: Drawing): Data {
  const { colour, shift, scale } = drawing;
  return {
    type: 'scatter',
    mode: line.hasMarkers ? 'lines+markers' : 'lines',
    name: escapeMarkup(line.name),
    x: line.t.map(shift.toAxis),
    y: line.values.map((value) => (value === null ? null : value / scale.bytes)),
    text: line.values.map((value) => formatBytes(value)),
    hovertemplate: '%{text}',
    hoverinfo: line.isEdge?.map((isEdge) => (isEdge ? 'none' : 'all')) ?? 'all',
    connectgaps: false,
    marker: { size: 4, color: colour(line.colour) },
    ...inkOf(line, drawing),
  } as Data;
}

/** Above the lines: the area under a line would otherwise be drawn on through a gap. */
function bandsOf({ spec, colour, shift }: Drawing): NonNullable<Layout['shapes']> {
  return spec.gaps.map(({ from, to }) => ({
    type: 'rect',
    xref: 'x',
    yref: 'paper',
    x0: shift.toAxis(from),
    x1: shift.toAxis(to),
    y0: 0,
    y1: 1,
    layer: 'above',
    line: { width: 0 },
    fillcolor: colour('gap'),
  }));
}

function fontOf({ colour }: Drawing) {
  return { family: getComputedStyle(document.body).fontFamily, size: 11, color: colour('muted') };
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

function byteAxis({ colour, scale }: Drawing) {
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

/** The unit stands once, over the axis. */
function unitLabel({ scale }: Drawing) {
  const corner = { xref: 'paper', yref: 'paper', x: 0, y: 1, xanchor: 'right', yanchor: 'bottom' };
  return { text: scale.unit, ...corner, xshift: -6, yshift: 4, showarrow: false };
}

function layoutOf(drawing: Drawing): Partial<Layout> {
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
    shapes: bandsOf(drawing),
    annotations: [unitLabel(drawing)],
    xaxis: timeAxis(drawing),
    yaxis: byteAxis(drawing),
  } as Partial<Layout>;
}

async function draw(element: HTMLElement, spec: ChartSpec): Promise<PlotlyHTMLElement> {
  const plotly = await requirePlotly();
  const drawing = prepare(element, spec);
  const traces = spec.lines.slice(0, MOST_LINES).map((line) => traceOf(line, drawing));
  const plot = await plotly.react(element, traces, layoutOf(drawing), CONFIG);
  // Its summary and its table say what the picture shows; the shapes themselves say nothing.
  for (const svg of element.querySelectorAll('svg.main-svg')) svg.setAttribute('aria-hidden', 'true');
  return plot;
}

/** Zooms settle before they are told; the echo of a reset is not taken for a zoom. */
function listen(plot: PlotlyHTMLElement, read: () => ChartSpec, events: ChartEvents): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let resetAt = Number.NEGATIVE_INFINITY;
  plot.on('plotly_click', ({ points }: PlotMouseEvent) => {
    const t = points.length > 0 ? read().lines[points[0].curveNumber]?.t[points[0].pointIndex] : undefined;
    if (t !== undefined) events.onPoint(t);
  });
  plot.on('plotly_doubleclick', () => {
    clearTimeout(timer);
    resetAt = performance.now();
    events.onReset();
  });
  plot.on('plotly_relayout', (change: PlotRelayoutEvent) => {
    const zoomed = zoomOf(change, read());
    if (!zoomed || performance.now() - resetAt < RESET_SETTLES_MS) return;
    clearTimeout(timer);
    timer = setTimeout(() => events.onZoom(zoomed), ZOOM_SETTLES_MS);
  });
}

function zoomOf(change: PlotRelayoutEvent, { zone, range }: ChartSpec): Span | null {
  const from = change['xaxis.range[0]'];
  const to = change['xaxis.range[1]'];
  if (typeof from !== 'string' || typeof to !== 'string') return null;
  const { fromAxis } = openZoneShift(zone, range.to);
  return { from: Math.round(fromAxis(from)), to: Math.round(fromAxis(to)) };
}

/** Draws into `element`, now and whenever it is told that something changed. */
export async function openChart(element: HTMLElement, first: ChartSpec, events: ChartEvents): Promise<Chart> {
  let spec = first;
  const plot = await draw(element, spec);
  listen(plot, () => spec, events);
  return {
    update: (next) => {
      spec = next;
      void draw(element, next);
    },
    close: () => window.Plotly?.purge(element),
  };
}
