import type { ReportView } from '../../application/view-report.ts';
import { formatBytes } from '../../domain/units.ts';
import type { Chart, ChartLine } from './chart.ts';
import { drawChart, drawSwatch, knownValues } from './chart.ts';
import { mainChart } from './charts.ts';
import { html, Markup } from './html.ts';
import { rangeText, subjectOf } from './texts.ts';

/** The main chart of a report as a picture by itself: an SVG file with its own few styles. */

const WIDTH = 1000;
const PLOT = { x: 16, y: 72, width: WIDTH - 32, height: 280 } as const;
const LEGEND = { y: PLOT.y + PLOT.height + 48, row: 20, swatch: { width: 18, height: 10 } } as const;

export type PictureTheme = 'light' | 'dark';

/** `--c1: light-dark(#0072b2, #56b4e9)` → one of them; what is no colour stays as it is. */
function tokensOf(css: string, theme: PictureTheme): ReadonlyMap<string, string> {
  const found = css.matchAll(/(--[\w-]+):\s*(?:light-dark\(([^,()]+),([^()]*)\)|([^;{}]+))(?=[;}])/g);
  return new Map(
    Array.from(found, ([, name, light, dark, plain]) => [
      name,
      (plain ?? (theme === 'light' ? light : dark)).trim(),
    ]),
  );
}

/** Rules for what `drawChart` draws. The size of the document's chart is not that of the picture. */
const DRAWN = /^(\.(plot|grid|gap|mark|tick|line|fill|dashed|ink|c[1-6])| \*)+$/;

/** Names that are written otherwise in style sheets than some programs that draw SVG read them. */
const CURRENT_COLOUR = /\bcurrentcolor\b/g;

/** Those of the report's style sheet that a picture needs, without what programs other than browsers do not know. */
export function pictureStyles(css: string, theme: PictureTheme): string {
  const tokens = tokensOf(css, theme);
  const [plain] = css.split(/@media\b/, 1);
  const rules = Array.from(plain.matchAll(/([^{}]+)\{([^{}]*)\}/g), ([, selectors, body]) => {
    const drawn = selectors.split(',').map((one) => one.trim());
    if (!drawn.every((one) => DRAWN.test(one))) return '';
    const resolved = body.replace(/var\((--[\w-]+)\)/g, (_, name: string) => tokens.get(name) ?? 'none');
    return `${drawn.join(',')}{${resolved.replace(CURRENT_COLOUR, 'currentColor')}}`;
  });
  const [ground, text] = [tokens.get('--bg'), tokens.get('--text')];
  return `${rules.join('')}svg{font-family:sans-serif}.ground{fill:${ground}}.text{fill:${text};font-size:13px}.head{font-size:16px;font-weight:600}`;
}

function legendRow(line: ChartLine, at: number): Markup {
  const y = LEGEND.y + at * LEGEND.row;
  const values = knownValues(line);
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  const figures =
    values.length === 0 ? '–' : `${formatBytes(values[values.length - 1])}, at most ${formatBytes(largest)}`;
  return html`<svg x="${PLOT.x}" y="${y - LEGEND.swatch.height}" width="${LEGEND.swatch.width}" height="${LEGEND.swatch.height}">${drawSwatch(line)}</svg>
<text class="text" x="${PLOT.x + 28}" y="${y}">${line.label}: ${figures}</text>`;
}

interface PictureSetting {
  readonly zone: string;
  /** Style sheet of reports. */
  readonly css: string;
  readonly theme: PictureTheme;
}

export function renderPicture(view: ReportView, { zone, css, theme }: PictureSetting): string {
  const chart: Chart = mainChart(view, zone);
  const height = LEGEND.y + chart.lines.length * LEGEND.row;
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}">
<style>${new Markup(pictureStyles(css, theme))}</style><rect class="ground" width="100%" height="100%"/>
<text class="text head" x="${PLOT.x}" y="28">${subjectOf(view)}: ${chart.title}</text>
<text class="tick" x="${PLOT.x}" y="48">${rangeText(view.range.from, view.range.to, zone)}</text>
<svg x="${PLOT.x}" y="${PLOT.y}" width="${PLOT.width}" height="${PLOT.height}" overflow="visible">${drawChart(chart, PLOT)}</svg>
${chart.lines.map(legendRow)}
</svg>
`.text;
}
