import type { ReportTile, ReportView } from '../../application/view-report.ts';
import { heatOf } from '../../domain/heat.ts';
import { shortNameOf } from '../../domain/short-names.ts';
import type { TreePicture } from '../../domain/tree-pictures.ts';
import { formatBytes } from '../../domain/units.ts';
import type { Markup } from './html.ts';
import { html } from './html.ts';
import { cutName } from './texts.ts';
import type { PlacedTile } from './tile-layout.ts';
import { placeTiles } from './tile-layout.ts';

/** The processes as tiles: the picture of the page, drawn once. */

/** It is laid out for a wide page; on another one, widths follow and heights stay. */
const WHOLE = { x: 0, y: 0, width: 1150, height: 560 } as const;
/** Smaller tiles have no room for a name. */
const LEAST = { width: 46, height: 15 } as const;
const LONGEST_NAME = 40;
const MOST_SHADE = 0.62;

const HEADINGS: Readonly<Record<TreePicture, string>> = { treemap: 'Treemap', icicle: 'Icicle' };

function labelOf({ row, bytes, processes }: ReportTile): string {
  const smaller = `${processes} smaller ${processes === 1 ? 'one' : 'ones'}`;
  return `${row ? cutName(shortNameOf(row), LONGEST_NAME) : smaller} · ${formatBytes(bytes)}`;
}

const percent = (part: number, whole: number) => `${Math.round((part / whole) * 10_000) / 100}%`;

function drawTile({ tile, box }: PlacedTile<ReportTile>, total: number | null): Markup {
  const label = labelOf(tile);
  const shade = (heatOf(tile.bytes, total) * MOST_SHADE).toFixed(2);
  const hasRoom = box.width >= LEAST.width && box.height >= LEAST.height;
  return html`<svg x="${percent(box.x, WHOLE.width)}" y="${percent(box.y, WHOLE.height)}" width="${percent(box.width, WHOLE.width)}" height="${percent(box.height, WHOLE.height)}">
<title>${label}, own ${formatBytes(tile.ownBytes)}</title><rect class="tile" width="100%" height="100%"/><rect class="heat" width="100%" height="100%" opacity="${shade}"/>${hasRoom ? html`<text x="4" y="13">${label}</text>` : null}</svg>`;
}

/** Nothing where the report has no picture. */
export function tilesFigure({ picture, total_bytes }: ReportView): Markup | null {
  if (!picture) return null;
  const { kind, tiles } = picture;
  const placed = placeTiles(kind, tiles, WHOLE);
  const sum = tiles.reduce((total, { ownBytes }) => total + ownBytes, 0);
  return html`<figure class="block"><figcaption><h2>${HEADINGS[kind]}</h2>
<p class="muted">RSS of the processes below, together at most ${formatBytes(sum)}.</p></figcaption>
<svg class="tiles" role="img" aria-label="${HEADINGS[kind]}: the table below as a picture">${placed.map((one) => drawTile(one, total_bytes))}</svg></figure>`;
}
