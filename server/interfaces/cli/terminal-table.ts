import type { Metric } from '../../domain/metric.ts';
import type { ProcessMetricId, ProcessRow } from '../../domain/metrics.ts';
import { processMetric } from '../../domain/metrics.ts';
import { displayText } from '../../domain/text-notation.ts';
import { formatBytes, formatDuration } from '../../domain/units.ts';

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

export interface TableOptions<Row extends ProcessRow> {
  readonly metrics: readonly ProcessMetricId[];
  /** Width to cut lines to; `null` leaves them whole. */
  readonly columns: number | null;
  /** The last column; by default the process's name. */
  readonly label?: (row: Row) => string;
}

const CONTROLS_IN_JSON = /[\u007f-\u009f\u2028-\u202e\u2066-\u2069\u200e\u200f\u061c]/g;

/** JSON that no name in it can steer a terminal with: what JSON leaves raw is escaped as well. */
export function formatJson(value: unknown): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${JSON.stringify(value, null, 2).replace(CONTROLS_IN_JSON, escaped)}\n`;
}

/** Lines are whole in a pipe. */
export function cutLine(line: string, columns: number | null): string {
  const letters = [...line];
  return columns === null || letters.length <= columns ? line : `${letters.slice(0, columns - 1).join('')}…`;
}

/** Header and one line a row; numbers are right-aligned. */
export function formatTable<Row extends ProcessRow>(
  rows: readonly Row[],
  options: TableOptions<Row>,
): string {
  const { metrics, columns, label = nameOf } = options;
  const catalogue = metrics.map((id) => processMetric(id));
  const cells = [
    catalogue.map((metric) => metric.label.toUpperCase()),
    ...rows.map((row) => catalogue.map((metric) => formatValue(row[metric.id], metric))),
  ];
  const widths = catalogue.map((_, at) => Math.max(...cells.map((line) => line[at].length)));
  const labels = ['COMMAND', ...rows.map(label)];
  return cells
    .map((line, index) => {
      const padded = line.map((cell, at) =>
        isLeft(catalogue[at]) ? cell.padEnd(widths[at]) : cell.padStart(widths[at]),
      );
      return `${cutLine([...padded, labels[index]].join('  '), columns)}\n`;
    })
    .join('');
}
