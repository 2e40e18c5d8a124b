import { formatMoment } from '../../../domain/moment.ts';
import { displayText, escapeText } from '../../../domain/text-notation.ts';
import { formatBytes, formatDuration, formatPart } from '../../../domain/units.ts';
import { swapUsedBytes, usedBytes } from '../../../domain/used-memory.ts';
import { cutToWidth, fitToWidth } from '../text-width.ts';
import type { Column } from './columns.ts';
import { columnsFor, FIGURE_LABELS, processLine } from './columns.ts';
import type { TopFrame, TopProcess } from './frame.ts';
import { HELP_LINES } from './help.ts';
import type { TopState } from './state.ts';
import { cursorIndex, visibleProcesses } from './state.ts';

/** Frame and state → lines of a terminal. Pure: what a person sees is tested without one. */

export interface TopLook {
  readonly zone: string;
  readonly intervalSeconds: number;
}

const RESET = '\x1b[0m';
const BOLD = '\x1b[1m';
const REVERSE = '\x1b[7m';

function headLine(columns: readonly Column[]): string {
  return [...columns.map(({ head, width, isLeft }) => fitToWidth(head, width, isLeft)), 'COMMAND'].join(' ');
}

function memoryLine({ system: { values } }: TopFrame): string {
  const used = usedBytes(values.mem_total_bytes, values.mem_available_bytes);
  const swap = swapUsedBytes(values.swap_total_bytes, values.swap_free_bytes);
  const memory = used === null ? 'not known' : formatPart(used, values.mem_total_bytes ?? null);
  const swapText =
    values.swap_total_bytes === 0 ? 'none' : formatPart(swap ?? 0, values.swap_total_bytes ?? null);
  const waiting = values.psi_some_avg10;
  return [
    `Memory ${memory}`,
    `available ${formatBytes(values.mem_available_bytes ?? null)}`,
    `swap ${swap === null ? 'not known' : swapText}`,
    `waiting ${waiting === undefined ? 'not known' : `${waiting.toFixed(1)} %`}`,
  ].join('   ');
}

function choiceLine(frame: TopFrame, visible: number, state: TopState): string {
  const { filter, group, isTyping, sort, scale } = state;
  const shown = visible === frame.processes.length ? '' : `${visible} of `;
  return [
    ...(filter === '' && !isTyping ? [] : [`filter: ${filter}${isTyping ? '▏' : ''}`]),
    ...(group === null ? [] : [`group: ${displayText(escapeText(group))}`]),
    `${shown}${frame.processes.length} processes, RSS at most ${formatBytes(frame.processRss)}`,
    `by ${FIGURE_LABELS[sort]}`,
    `trend against ${scale === 'own' ? 'own peak' : 'the largest'}`,
  ].join('   ');
}

function titleLine({ system }: TopFrame, { isPaused }: TopState, { zone, intervalSeconds }: TopLook): string {
  const { host, t, uptimeSeconds } = system;
  return [
    `pmi top   ${displayText(host)}`,
    formatMoment(t, zone),
    isPaused ? 'PAUSED (Space goes on)' : `every ${intervalSeconds} s`,
    ...(uptimeSeconds === null ? [] : [`up ${formatDuration(uptimeSeconds)}`]),
  ].join('   ');
}

const KEYS = 'q quit  ? help  / filter  f group  s r p w sort  ←→ fold  Space pause  x scale';

/** Above the processes. */
function headLines(frame: TopFrame, state: TopState, look: TopLook, visible: number): readonly string[] {
  return [titleLine(frame, state, look), memoryLine(frame), choiceLine(frame, visible, state)];
}

/** All of a frame, for a pipe: no cursor, no colour, nothing cut. */
export function plainLines(frame: TopFrame, state: TopState, look: TopLook): readonly string[] {
  const visible = visibleProcesses(frame.processes, state);
  const columns = columnsFor(state, visible, Number.POSITIVE_INFINITY);
  const whole = { width: null, hasColour: false };
  return [
    ...headLines(frame, state, look, visible.length),
    headLine(columns),
    ...visible.map((process) => processLine(process, columns, state, whole)),
  ];
}

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** The first row that is seen, so that the cursor is. */
function firstRow(cursor: number, rows: number, total: number): number {
  return Math.max(0, Math.min(cursor - Math.floor(rows / 2), total - rows));
}

/** As many rows as there is room for, the one that is pointed at reversed: that is no colour. */
function bodyLines(
  visible: readonly TopProcess[],
  columns: readonly Column[],
  state: TopState,
  { width, rows, hasColour }: { width: number; rows: number; hasColour: boolean },
): readonly string[] {
  const cursor = cursorIndex(visible, state);
  const first = firstRow(cursor, rows, visible.length);
  return visible.slice(first, first + rows).map((process, at) => {
    if (first + at !== cursor) return processLine(process, columns, state, { width, hasColour });
    const line = processLine(process, columns, state, { width, hasColour: false });
    return `${REVERSE}${fitToWidth(line, width)}${RESET}`;
  });
}

/** Exactly as many lines as the screen has, none wider. */
export function screenLines(
  frame: TopFrame,
  state: TopState,
  look: TopLook & { readonly hasColour: boolean },
  { columns: width, rows }: ScreenSize,
): readonly string[] {
  const cut = (line: string) => cutToWidth(line, width);
  const visible = visibleProcesses(frame.processes, state);
  const columns = columnsFor(state, visible, width);
  const head = headLines(frame, state, look, visible.length).map(cut);
  const title = `${BOLD}${cut(headLine(columns))}${RESET}`;
  const room = Math.max(0, rows - head.length - 2);
  const body = state.isHelp
    ? HELP_LINES.slice(0, room).map(cut)
    : bodyLines(visible, columns, state, { width, rows: room, hasColour: look.hasColour });
  const rest = new Array<string>(Math.max(0, room - body.length)).fill('');
  const keys = cut(state.isHelp ? '? or Esc: back' : KEYS);
  return [...head, title, ...body, ...rest, keys].slice(0, rows);
}
