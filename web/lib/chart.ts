import { prepareDrawing, tracesOf } from './chart-drawing.ts';
import { layoutOf } from './chart-layout.ts';
import { layerAt } from './chart-pick.ts';
import { chartScale } from './chart-scale.ts';
import type { Chart, ChartEvents, ChartSpec } from './chart-spec.ts';
import type {
  Config,
  Data,
  PlotlyFigure,
  PlotlyHTMLElement,
  PlotMouseEvent,
  PlotRelayoutEvent,
} from './plotly.ts';
import { pictureOf, requirePlotly } from './plotly.ts';
import type { Span } from './series.ts';
import { openZoneShift } from './time.ts';

/** Lines of bytes along time, drawn by Plotly, which tells the instant that was meant. */

/** One that comes sooner after another is told when they have come to rest; a single one is told at once. */
const ZOOM_SETTLES_MS = 50;
/** After a double click Plotly also reports the range that it went back to. */
const RESET_SETTLES_MS = 400;

const CONFIG: Partial<Config> = {
  displaylogo: false,
  showSendToCloud: false,
  plotlyServerURL: '',
  responsive: true,
  doubleClick: 'reset',
  modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d', 'pan2d', 'zoom2d'],
};

async function draw(element: HTMLElement, spec: ChartSpec): Promise<PlotlyHTMLElement> {
  const plotly = await requirePlotly();
  const { traces, layout } = figureOf(element, spec);
  const plot = await plotly.react(element, traces as Data[], layout, CONFIG);
  // Its summary and its table say what the picture shows; the shapes themselves say nothing.
  for (const svg of element.querySelectorAll('svg.main-svg')) svg.setAttribute('aria-hidden', 'true');
  return plot;
}

/** Where over the axis the hand is: Plotly tells only the instant. */
function valueUnder(plot: HTMLElement, { clientY }: MouseEvent, spec: ChartSpec): number {
  const area = plot.querySelector('.nsewdrag')?.getBoundingClientRect();
  if (!area) return Number.NaN;
  const { top, size } = chartScale(spec);
  return ((area.bottom - clientY) / area.height) * top * size;
}

/** Plotly takes away what is pointed at when a press lasts, and would tell no click then. */
type Pressable = PlotlyHTMLElement & {
  readonly _dragging?: boolean;
  on(event: 'plotly_beforehover', mayHover: () => boolean): void;
};

/** Zooms settle before they are told; the echo of a reset is not taken for a zoom. */
function listen(plot: Pressable, read: () => ChartSpec, events: ChartEvents): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let zoomedAt = Number.NEGATIVE_INFINITY;
  let resetAt = Number.NEGATIVE_INFINITY;
  plot.on('plotly_beforehover', () => !plot._dragging);
  plot.on('plotly_click', ({ points, event }: PlotMouseEvent) => {
    const spec = read();
    const t = points.length > 0 ? spec.lines[points[0].curveNumber]?.t[points[0].pointIndex] : undefined;
    if (t !== undefined) events.onPoint(t, layerAt(spec, t, valueUnder(plot, event, spec)));
  });
  plot.on('plotly_doubleclick', () => {
    clearTimeout(timer);
    resetAt = performance.now();
    events.onReset();
  });
  plot.on('plotly_relayout', (change: PlotRelayoutEvent) => {
    const zoomed = zoomOf(change, read());
    const now = performance.now();
    if (!zoomed || now - resetAt < RESET_SETTLES_MS) return;
    const isAlone = now - zoomedAt > ZOOM_SETTLES_MS;
    zoomedAt = now;
    clearTimeout(timer);
    timer = setTimeout(() => events.onZoom(zoomed), isAlone ? 0 : ZOOM_SETTLES_MS);
  });
}

function zoomOf(change: PlotRelayoutEvent, { zone, range }: ChartSpec): Span | null {
  const from = change['xaxis.range[0]'];
  const to = change['xaxis.range[1]'];
  if (typeof from !== 'string' || typeof to !== 'string') return null;
  const { fromAxis } = openZoneShift(zone, range.to);
  return { from: Math.round(fromAxis(from)), to: Math.round(fromAxis(to)) };
}

function figureOf(element: HTMLElement, spec: ChartSpec): PlotlyFigure {
  const drawing = prepareDrawing(element, spec);
  return { traces: tracesOf(drawing), layout: layoutOf(drawing) };
}

/** Draws into `element`, now and whenever it is told that something changed. */
export async function openChart(element: HTMLElement, first: ChartSpec, events: ChartEvents): Promise<Chart> {
  let spec = first;
  const plot = await draw(element, spec);
  listen(plot as Pressable, () => spec, events);
  return {
    update: (next) => {
      spec = next;
      void draw(element, next);
    },
    image: (format) => pictureOf(element, figureOf(element, spec), format),
    close: () => window.Plotly?.purge(element),
  };
}
