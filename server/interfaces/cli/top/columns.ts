import { formatBytes } from '../../../domain/units.ts';
import { cutToWidth, fitToWidth } from '../text-width.ts';
import type { TopFigure, TopProcess } from './frame.ts';
import { larger, TOP_FIGURES, TOP_POINTS } from './frame.ts';
import type { Height } from './spark.ts';
import { heightOf, sparkline } from './spark.ts';
import type { TopState } from './state.ts';

/** The columns of `pmi top`: which of them a terminal has room for, and a process in them. */

const RESET = '\x1b[0m';
const COLOURS: Readonly<Record<Height, string>> = {
  low: '\x1b[32m',
  mid: '\x1b[33m',
  high: '\x1b[31m',
  unknown: '',
};

export const FIGURE_LABELS: Readonly<Record<TopFigure, string>> = {
  subtree: 'SUBTREE',
  rss: 'RSS',
  pss: 'PSS',
  swap: 'SWAP',
};

interface Cell {
  readonly text: string;
  readonly height?: Height;
}

export interface Column {
  readonly head: string;
  readonly width: number;
  readonly isLeft: boolean;
  /** The terminal has at least this width. */
  readonly from: number;
  readonly cell: (process: TopProcess) => Cell;
}

function sizeText(bytes: number): string {
  return formatBytes(Number.isNaN(bytes) ? null : bytes);
}

/** What a sparkline's top is: its own peak, or the largest of all that are seen. */
function topOf(process: TopProcess, { sort, scale }: TopState, largest: number): number {
  return scale === 'own' ? process.peak[sort] : largest;
}

function trendColumns(visible: readonly TopProcess[], state: TopState): readonly Column[] {
  const { sort } = state;
  const largest = visible.reduce((most, { peak }) => larger(most, peak[sort]), 0);
  const height = (process: TopProcess) => heightOf(process.figures[sort], topOf(process, state, largest));
  const percent = (process: TopProcess) => {
    const of = topOf(process, state, largest);
    return of > 0 && !Number.isNaN(process.figures[sort])
      ? `${Math.round((process.figures[sort] / of) * 100)} %`
      : '–';
  };
  return [
    {
      head: 'TREND',
      width: TOP_POINTS,
      isLeft: true,
      from: 72,
      cell: (process) => ({
        text: sparkline(
          process.points.map((point) => point[sort]),
          topOf(process, state, largest),
          TOP_POINTS,
        ),
        height: height(process),
      }),
    },
    { head: 'OF PEAK', width: 7, isLeft: false, from: 96, cell: (process) => ({ text: percent(process) }) },
    { head: '', width: 4, isLeft: true, from: 96, cell: (process) => ({ text: wordOf(height(process)) }) },
  ];
}

/** Beside the colour. */
function wordOf(height: Height): string {
  return height === 'unknown' ? '' : height;
}

/** Of the four sizes a narrow terminal has the one that is sorted by, a wide one all. */
function sizeColumns({ sort }: TopState): readonly Column[] {
  const from = (figure: TopFigure) => {
    if (figure === sort) return 0;
    return figure === 'rss' || figure === 'subtree' ? 60 : 112;
  };
  return TOP_FIGURES.map((figure) => ({
    head: FIGURE_LABELS[figure],
    width: 9,
    isLeft: false,
    from: from(figure),
    cell: ({ figures }) => ({ text: sizeText(figures[figure]) }),
  }));
}

/** @param width of the terminal; what does not fit at all is left out from the right */
export function columnsFor(
  state: TopState,
  visible: readonly TopProcess[],
  width: number,
): readonly Column[] {
  const all: readonly Column[] = [
    { head: 'PID', width: 7, isLeft: false, from: 0, cell: ({ pid }) => ({ text: String(pid) }) },
    { head: 'USER', width: 8, isLeft: true, from: 72, cell: ({ user }) => ({ text: user }) },
    ...sizeColumns(state),
    ...trendColumns(visible, state),
  ];
  return all.filter(({ from, width: own }) => width >= Math.max(from, own));
}

function nameCell(process: TopProcess, { sort, folded, filter, group }: TopState): string {
  if (sort !== 'subtree') return process.name;
  const isFolded = filter === '' && group === null && folded.has(process.key);
  const mark = process.descendants === 0 ? '  ' : isFolded ? '▸ ' : '▾ ';
  const away = isFolded ? `  (+${process.descendants})` : '';
  return `${' '.repeat(process.depth)}${mark}${process.name}${away}`;
}

/**
 * One line; the command takes what is left of it.
 * @param width of the terminal; `null`: nothing is cut
 */
export function processLine(
  process: TopProcess,
  columns: readonly Column[],
  state: TopState,
  { width, hasColour }: { readonly width: number | null; readonly hasColour: boolean },
): string {
  const cells = columns.map(({ width: own, isLeft, cell }) => {
    const { text, height = 'unknown' } = cell(process);
    const fitted = fitToWidth(text, own, isLeft);
    const colour = hasColour ? COLOURS[height] : '';
    return colour === '' ? fitted : `${colour}${fitted}${RESET}`;
  });
  const taken = columns.reduce((sum, { width: own }) => sum + own + 1, 0);
  const name = nameCell(process, state);
  const command = width === null ? name : cutToWidth(name, Math.max(0, width - taken));
  return [...cells, command].join(' ');
}
