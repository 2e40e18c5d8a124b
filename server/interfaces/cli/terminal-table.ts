import type { Metric } from '../../domain/metric.ts';
import type { ProcessMetricId, ProcessRow } from '../../domain/metrics.ts';
import { processMetric } from '../../domain/metrics.ts';
import { displayText } from '../../domain/text-notation.ts';
import { formatBytes, formatDuration } from '../../domain/units.ts';
import { cutToWidth } from './text-width.ts';

/** Processes as a table for a terminal. Names are shown escaped: no process can steer the terminal. */

type Value = string | number | boolean | null;

function formatValue(value: Value, { unit }: Metric): string {
  if (value === null) return '–';
  if (unit === 'text') return displayText(String(value));
  if (unit === 'bytes') return formatBytes(Number(value));
  if (unit === 'seconds') return formatDuration(Number(value));
  return String(value);
}

function isLeft({ unit }: Metric): boolean {
  return unit === 'text' || unit === 'flag';
}

/** What a person calls the process: its command, or for kernel threads its name in brackets. */
export function nameOf({ cmd, comm }: ProcessRow): string {
  return cmd ? displayText(cmd) : `[${displayText(comm)}]`;
}

export interface Column<Row> {
  readonly head: string;
  readonly isLeft: boolean;
  readonly cell: (row: Row) => string;
}

export interface TableOptions<Row extends ProcessRow> {
  readonly metrics: readonly ProcessMetricId[];
  /** After the metrics. */
  readonly more?: readonly Column<Row>[];
  /** Width to cut lines to; `null` leaves them whole. */
  readonly columns: number | null;
  /** The last column; by default the process's name. */
  readonly label?: (row: Row) => string;
}

const CONTROLS_IN_JSON = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069\u200e\u200f\u061c]/g;

/** JSON that no name in it can steer a terminal with: what JSON leaves raw is escaped as well. */
export function formatJson(value: unknown, indent = 2): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${JSON.stringify(value, null, indent).replace(CONTROLS_IN_JSON, escaped)}\n`;
}

/** The same on one line. */
export function formatJsonLine(value: unknown): string {
  return formatJson(value, 0);
}

/** Lines are whole in a pipe. */
export function cutLine(line: string, columns: number | null): string {
  return columns === null ? line : cutToWidth(line, columns);
}

/** Header and one line a row, whatever the rows are; the last column is not padded. */
export function formatColumns<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  width: number | null,
): string {
  const lines = [columns.map(({ head }) => head), ...rows.map((row) => columns.map(({ cell }) => cell(row)))];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at].length)));
  const padded = (cell: string, at: number) => {
    if (!columns[at].isLeft) return cell.padStart(widths[at]);
    return at < columns.length - 1 ? cell.padEnd(widths[at]) : cell;
  };
  return lines.map((line) => `${cutLine(line.map(padded).join('  '), width)}\n`).join('');
}

/** Header and one line a process; numbers are right-aligned. */
export function formatTable<Row extends ProcessRow>(
  rows: readonly Row[],
  { metrics, more = [], columns, label = nameOf }: TableOptions<Row>,
): string {
  const ofMetrics = metrics.map((id): Column<Row> => {
    const metric = processMetric(id);
    const cell = (row: Row) => formatValue(row[metric.id], metric);
    return { head: metric.label.toUpperCase(), isLeft: isLeft(metric), cell };
  });
  return formatColumns(
    rows,
    [...ofMetrics, ...more, { head: 'COMMAND', isLeft: true, cell: label }],
    columns,
  );
}
