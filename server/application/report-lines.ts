import { valuesAlong } from '../domain/downsample.ts';
import type { ProcessRow } from '../domain/metrics.ts';
import type { Gap } from '../domain/timeline.ts';
import type { History, InstantRange, LifeTimeline, Series } from './ports.ts';
import { detailFor, plotAxis } from './time-series.ts';

/** Memory of processes along the range of a report. */

/** Points of a chart: as wide as a page. */
export const REPORT_PX = 900;

export interface ReportLine {
  readonly pid: number;
  readonly cmd: string | null;
  readonly comm: string | null;
  readonly of: 'own' | 'subtree';
  readonly t: readonly number[];
  readonly rss_bytes: readonly (number | null)[];
}

const MOST_LINES = 6;

function lineOf(
  { t, bytes }: Series,
  gaps: readonly Gap[],
  row: ProcessRow,
  of: ReportLine['of'],
): ReportLine {
  const axis = plotAxis(t, [Float64Array.from(bytes)], gaps, REPORT_PX);
  const { pid, cmd, comm } = row;
  return { pid, cmd, comm, of, t: axis.t, rss_bytes: valuesAlong(axis, Float64Array.from(bytes)) };
}

interface Place {
  readonly host: string;
  readonly range: InstantRange;
  readonly gaps: readonly Gap[];
}

async function timelineOf(
  history: History,
  { host, range }: Place,
  key: string,
): Promise<LifeTimeline | null> {
  const life = await history.lifeOfKey(host, key);
  return life && history.readTimeline(host, life.id, range, detailFor(REPORT_PX));
}

/** Own and subtree of the process that was asked for; else the largest of the snapshot. */
export async function readLines(
  history: History,
  place: Place,
  process: ProcessRow | null,
  all: readonly ProcessRow[],
): Promise<ReportLine[]> {
  const largest = [...all].sort((a, b) => b.rss_bytes - a.rss_bytes).slice(0, MOST_LINES);
  const lines: ReportLine[] = [];
  for (const row of process ? [process] : largest) {
    const timeline = await timelineOf(history, place, row.key);
    if (!timeline) continue;
    lines.push(lineOf(timeline.rss, place.gaps, row, 'own'));
    if (process) lines.push(lineOf(timeline.subtreeRss, place.gaps, row, 'subtree'));
  }
  return lines.filter(({ t }) => t.length > 0);
}
