import type * as PlotlyModule from 'plotly.js-dist';
import type { Data } from 'plotly.js-dist';
import type { ImageFormat } from './chart-spec.ts';
import { IMAGE_SCALE } from './chart-spec.ts';
import { openColours } from './colours.ts';
import { loadScript } from './load-script.ts';

/** The only file that loads Plotly, for charts along time (chart.ts) and pictures of trees (tree-chart.ts). */

export type { Config, Data, PlotlyHTMLElement, PlotMouseEvent, PlotRelayoutEvent } from 'plotly.js-dist';

type Plotly = typeof PlotlyModule;

declare global {
  interface Window {
    Plotly?: Plotly;
  }
}

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
export async function requirePlotly(): Promise<Plotly> {
  leaveOutMapStyles();
  await loadScript(document.documentElement.dataset.plotly ?? '');
  if (!window.Plotly) throw new Error('no chart library');
  return window.Plotly;
}

export interface PlotlyFigure {
  readonly traces: readonly object[];
  readonly layout: object;
}

/** On an opaque ground: a picture of dark ink is otherwise unreadable on a dark page, and the other way round. */
export async function pictureOf(
  element: HTMLElement,
  { traces, layout }: PlotlyFigure,
  format: ImageFormat,
): Promise<string> {
  const plotly = await requirePlotly();
  const ground = openColours(element)('surface');
  const figure = {
    data: traces as Data[],
    layout: { ...layout, paper_bgcolor: ground, plot_bgcolor: ground },
  };
  const { clientWidth: width, clientHeight: height } = element;
  return plotly.toImage(figure, { format, width, height, scale: IMAGE_SCALE[format] });
}
