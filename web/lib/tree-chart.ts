import { heatOf } from '../../server/domain/heat.ts';
import type { TreePicture } from '../../server/domain/tree-pictures.ts';
import type { Chart } from './chart-spec.ts';
import { openColours, toRgb } from './colours.ts';
import { escapeMarkup } from './markup.ts';
import type { PlotlyFigure } from './plotly.ts';
import { pictureOf, requirePlotly } from './plotly.ts';

/** Tiles inside tiles: the picture of a tree of processes, by the same library as the charts along time. */

export interface TreeTile {
  readonly id: string;
  readonly parent: string;
  /** As it is shown; markup is escaped here. */
  readonly name: string;
  /** What more there is to say, when it is pointed at. */
  readonly text: string;
  /** What it holds itself, without what lies inside. */
  readonly ownBytes: number;
  /** How strongly it is shaded: its share of RAM. */
  readonly bytes: number;
}

export interface TreeChartSpec {
  readonly kind: TreePicture;
  readonly tiles: readonly TreeTile[];
  readonly memTotal: number | null;
}

export interface TreeChart extends Pick<Chart, 'image' | 'close'> {
  readonly update: (spec: TreeChartSpec) => void;
}

const CONFIG = {
  displaylogo: false,
  displayModeBar: false,
  showSendToCloud: false,
  plotlyServerURL: '',
  responsive: true,
} as const;

const MOST_SHADE = 0.62;

function partsOf(colour: string): number[] {
  return (/rgba?\(([^)]+)\)/.exec(toRgb(colour))?.[1] ?? '0,0,0')
    .split(/[\s,]+/)
    .slice(0, 3)
    .map(Number);
}

/** One colour laid over another, opaque: a label's contrast does not depend on what is below. */
function blend(over: readonly number[], under: readonly number[], share: number): string {
  return `rgb(${under.map((part, at) => Math.round(part + (over[at] - part) * share)).join(',')})`;
}

function shadesOf(element: Element, { tiles, memTotal }: TreeChartSpec): string[] {
  const colour = openColours(element);
  const [heat, ground] = [partsOf(colour('heat')), partsOf(colour('sunken'))];
  return tiles.map(({ bytes }) => blend(heat, ground, heatOf(bytes, memTotal) * MOST_SHADE));
}

function traceOf(element: Element, spec: TreeChartSpec): object {
  const colour = openColours(element);
  const { kind, tiles } = spec;
  return {
    type: kind,
    branchvalues: 'remainder',
    ids: tiles.map(({ id }) => id),
    parents: tiles.map(({ parent }) => parent),
    labels: tiles.map(({ name }) => escapeMarkup(name)),
    text: tiles.map(({ text }) => escapeMarkup(text)),
    values: tiles.map(({ ownBytes }) => ownBytes),
    textinfo: 'label',
    hovertemplate: '%{label}<br>%{text}<extra></extra>',
    textfont: { color: colour('text'), size: 12 },
    marker: {
      colors: shadesOf(element, spec),
      line: { width: 1, color: colour('line') },
      ...(kind === 'treemap' ? { pad: { t: 20, l: 3, r: 3, b: 3 }, cornerradius: 3 } : {}),
    },
    tiling: kind === 'treemap' ? { packing: 'squarify', pad: 2 } : { orientation: 'h', pad: 1 },
    pathbar: { visible: false },
    sort: true,
  };
}

function layoutOf(element: Element): object {
  const colour = openColours(element);
  const { fontFamily } = getComputedStyle(element);
  return {
    margin: { t: 0, l: 0, r: 0, b: 0 },
    paper_bgcolor: 'rgba(0,0,0,0)',
    // What is too small to be read is left out.
    uniformtext: { mode: 'hide', minsize: 11 },
    font: { family: fontFamily, size: 12, color: colour('text') },
    hoverlabel: { bgcolor: colour('surface'), bordercolor: colour('line'), font: { color: colour('text') } },
  };
}

interface Clicked {
  readonly points?: readonly { readonly id?: string }[];
}

interface Plot {
  readonly on: (event: string, listener: (event: Clicked) => boolean | undefined) => void;
}

function figureOf(element: HTMLElement, spec: TreeChartSpec): PlotlyFigure {
  return { traces: [traceOf(element, spec)], layout: layoutOf(element) };
}

async function draw(element: HTMLElement, spec: TreeChartSpec): Promise<Plot> {
  const plotly = await requirePlotly();
  const { traces, layout } = figureOf(element, spec);
  const plot = await plotly.react(element, traces as Parameters<typeof plotly.react>[1], layout, CONFIG);
  for (const svg of element.querySelectorAll('svg.main-svg')) svg.setAttribute('aria-hidden', 'true');
  return plot as unknown as Plot;
}

/** A click tells which tile was meant; where that leads is the page's affair. */
function listen(plot: Plot, kind: TreeChartSpec['kind'], onTile: (id: string) => void): void {
  plot.on(`plotly_${kind}click`, ({ points }) => {
    const id = points?.[0]?.id;
    if (id !== undefined) onTile(id);
    return false;
  });
}

/** Of one kind for its whole life. */
export async function openTreeChart(
  element: HTMLElement,
  first: TreeChartSpec,
  onTile: (id: string) => void,
): Promise<TreeChart> {
  let spec = first;
  listen(await draw(element, spec), spec.kind, onTile);
  return {
    update: (next) => {
      spec = next;
      void draw(element, next);
    },
    image: (format) => pictureOf(element, figureOf(element, spec), format),
    close: () => window.Plotly?.purge(element),
  };
}
