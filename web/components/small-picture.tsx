import { render } from 'preact';
import type { ImageFormat } from '../lib/chart-spec.ts';
import { openColours } from '../lib/colours.ts';
import { shorten } from '../lib/process-text.ts';
import { extremesOf } from '../lib/series.ts';
import { placeAcross, placeUp } from '../lib/small-plot.ts';
import { imageOfSvg } from '../lib/svg-image.ts';
import type { SmallLine, SmallMultiplesProps } from './small-multiples.tsx';
import { frameOf, mostText, scaleText } from './small-multiples.tsx';
import type { SmallInks } from './small-shapes.tsx';
import { SmallShapes } from './small-shapes.tsx';

/** The small multiples as one picture that stands by itself: what it looks like is written into it. */

const EDGE = 16;
const CELL = { width: 300, name: 18, plot: 76, height: 132 } as const;
const HEAD = 32;
const FONT_PX = 12;
/** So many letters of a name fit over its plot. */
const MOST_NAME = 46;
const FIRST_COLUMNS = 4;

interface Inks extends SmallInks {
  readonly text: string;
  readonly muted: string;
  readonly ground: string;
  readonly peak: string;
  readonly font: string;
}

function inksNear(element: Element): Inks {
  const colour = openColours(element);
  return {
    ...{ gap: colour('gap'), grid: colour('line'), area: colour('c1', 0.18), line: colour('c1') },
    ...{ text: colour('text'), muted: colour('muted'), ground: colour('surface'), peak: colour('c2') },
    font: getComputedStyle(element).fontFamily,
  };
}

interface CellProps extends SmallMultiplesProps {
  readonly inks: Inks;
  readonly line: SmallLine;
  readonly x: number;
  readonly y: number;
}

function Cell({ line, inks, x, y, ...props }: CellProps) {
  const frame = frameOf(props);
  const most = extremesOf(line.points)?.high;
  return (
    <g transform={`translate(${x} ${y})`}>
      <text y={FONT_PX} fill={inks.text}>
        {shorten(line.name, MOST_NAME)}
      </text>
      <g transform={`translate(0 ${CELL.name}) scale(${CELL.width / 100} ${CELL.plot / 100})`}>
        <SmallShapes points={line.points} gaps={props.gaps} frame={frame} inks={inks} />
      </g>
      {most ? (
        <circle
          cx={(placeAcross(frame, most.t) / 100) * CELL.width}
          cy={CELL.name + (placeUp(frame, most.value) / 100) * CELL.plot}
          r="3"
          fill={inks.peak}
        />
      ) : null}
      <text y={CELL.name + CELL.plot + FONT_PX + 4} fill={inks.muted}>
        {mostText(line, frame)}
      </text>
    </g>
  );
}

interface PictureProps extends SmallMultiplesProps {
  readonly inks: Inks;
  readonly title: string;
}

function SmallPicture({ inks, title, ...props }: PictureProps) {
  const columns = Math.min(FIRST_COLUMNS, props.lines.length);
  const step = CELL.width + EDGE;
  const width = EDGE + columns * step;
  const height = EDGE + HEAD + Math.ceil(props.lines.length / columns) * CELL.height;
  return (
    <svg width={width} height={height} font-family={inks.font} font-size={FONT_PX}>
      <title>{title}</title>
      <rect width={width} height={height} fill={inks.ground} />
      <text x={EDGE} y={EDGE + FONT_PX} fill={inks.muted}>
        {scaleText(props)}
      </text>
      {props.lines.map((line, index) => (
        <Cell
          key={line.id}
          {...props}
          inks={inks}
          line={line}
          x={EDGE + (index % columns) * step}
          y={EDGE + HEAD + Math.floor(index / columns) * CELL.height}
        />
      ))}
    </svg>
  );
}

/**
 * @param near an element of the page: the picture has its colours and letters
 * @returns a `data:` URL
 */
export function takeSmallPicture(
  near: Element,
  props: Omit<PictureProps, 'inks'>,
  format: ImageFormat,
): Promise<string> {
  const host = document.createElement('div');
  render(<SmallPicture {...props} inks={inksNear(near)} />, host);
  const svg = host.firstElementChild;
  if (!(svg instanceof SVGSVGElement)) throw new Error('no picture was drawn');
  return imageOfSvg(svg, format);
}
