import type { LiveProcess } from '../../domain/build-live-point.ts';
import { formatMoment } from '../../domain/moment.ts';
import { displayText } from '../../domain/text-notation.ts';
import { formatBytes, formatDuration } from '../../domain/units.ts';
import type { WatchFailure, WatchLimits, WatchPoint, WatchSummary } from '../../domain/watch-summary.ts';
import { rateWord, watchLevel } from '../../domain/watch-summary.ts';

/** What `pmi watch` says: a line a sample for a log, a line now and then, and a summary. */

/** `+1.00 MiB`. */
function signed(bytes: number | null): string {
  if (bytes === null) return 'unknown';
  return bytes < 0 ? formatBytes(bytes) : `+${formatBytes(bytes)}`;
}

function percent(value: number | null): string {
  return value === null ? 'unknown' : `${value.toFixed(1)} %`;
}

/** @param baseline the first RSS, bytes @param zone of the clock */
export function formatLogLine(point: WatchPoint, baseline: number | null, zone: string): string {
  const { t, rss_bytes, vsz_bytes, cpu_percent, threads, processes } = point;
  const at = `[${formatMoment(t, zone)}]`;
  if (rss_bytes === null) return `${at} [WARNING] not running`;
  const change = baseline === null ? null : rss_bytes - baseline;
  return [
    `${at} [${watchLevel(change, cpu_percent)}]`,
    `RSS: ${formatBytes(rss_bytes)} (${signed(change)})`,
    `VMS: ${formatBytes(vsz_bytes)}`,
    `CPU: ${percent(cpu_percent)}`,
    `Threads: ${threads ?? 'unknown'}`,
    `Processes: ${processes}`,
  ].join(' ');
}

export function formatProgress(point: WatchPoint, baseline: number | null, done: string): string {
  const { rss_bytes, cpu_percent } = point;
  if (rss_bytes === null) return `${done}: not running`;
  const change = baseline === null ? null : rss_bytes - baseline;
  return `${done}: RSS ${formatBytes(rss_bytes)} (${signed(change)}), CPU ${percent(cpu_percent)}`;
}

const MOST_NAMED = 5;

/** Which processes match: a pattern may catch more than was meant. */
export function formatMatches(processes: readonly LiveProcess[]): string {
  if (processes.length === 0) return 'Nothing matches yet.';
  const named = processes.slice(0, MOST_NAMED).map(({ pid, comm }) => `${pid} ${displayText(comm)}`);
  const more = processes.length - named.length;
  const count = processes.length === 1 ? '1 process' : `${processes.length} processes`;
  return `${count}: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function growthText({ growth_bytes, growth_bytes_per_hour, seconds }: WatchSummary): string {
  if (growth_bytes === null) return 'not known: it takes two samples';
  const rate = growth_bytes_per_hour;
  const hourly = rate === null ? '' : ` (${signed(rate)} an hour, ${rateWord(rate)}`;
  return `${signed(growth_bytes)} from the first to the last sample${hourly}${rate === null ? '' : `, over ${formatDuration(seconds)})`}`;
}

const FAILURES: Readonly<Record<WatchFailure, string>> = {
  growth: 'it grew by more than',
  variation: 'it varied by more than',
};

function limitText(bytes: number | null): string {
  return bytes === null ? 'any' : formatBytes(bytes);
}

function verdictLine(failures: readonly WatchFailure[], limits: WatchLimits): string {
  if (failures.length === 0)
    return `PASS: growth within ${limitText(limits.growth)}, variation within ${limitText(limits.variation)}`;
  return `FAIL: ${failures.map((failure) => `${FAILURES[failure]} ${limitText(limits[failure])}`).join('; ')}`;
}

/** @returns lines */
export function formatWatchSummary(
  summary: WatchSummary,
  failures: readonly WatchFailure[],
  limits: WatchLimits,
): readonly string[] {
  const { samples, running, seconds, rss_min_bytes: min, rss_max_bytes: max } = summary;
  const head = `Summary: ${samples} ${samples === 1 ? 'sample' : 'samples'} in ${formatDuration(seconds)}`;
  if (running === 0) return [`${head}, and nothing that matched`];
  const away = samples - running;
  return [
    `${head}${away > 0 ? `; not running in ${away} of them` : ''}`,
    `  Memory range: ${formatBytes(min)} – ${formatBytes(max)}, a variation of ${formatBytes(summary.variation_bytes)}`,
    `  Average: ${formatBytes(summary.rss_mean_bytes)}`,
    `  Growth: ${growthText(summary)}`,
    `  CPU: ${percent(summary.cpu_mean_percent)} on average, ${percent(summary.cpu_max_percent)} at most`,
    verdictLine(failures, limits),
  ];
}
