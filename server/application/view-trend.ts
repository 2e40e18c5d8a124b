import { formatInstant } from '../domain/stamp.ts';
import { coveredRatio, findGaps, firstAtOrAfter, lastAtOrBefore } from '../domain/timeline.ts';
import { TREND_RULES, trendOf } from '../domain/trend.ts';
import { chooseHost, chooseRange, instantOf, readInstantQuery } from './choose-instant.ts';
import type { ProcessRequest } from './choose-process.ts';
import { noDataForPid, requireLife, requireProcess } from './choose-process.ts';
import type { History, HostSpine, InstantRange } from './ports.ts';

/** One life of a process along what was recorded of it: where its RSS is heading. */

export interface TrendRequest extends ProcessRequest {
  readonly host?: string | undefined;
  readonly ts?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A day of one sample every 4 s. */
const MOST_SAMPLES = 20_000;

function coverageOf(spine: HostSpine, { from, to }: InstantRange) {
  const gaps = findGaps(spine, firstAtOrAfter(spine.t, from), lastAtOrBefore(spine.t, to));
  return { gaps, covered_ratio: coveredRatio(from, to, gaps) };
}

/** @throws `no_data_for_pid`, `bad_parameter`, `no_process_dumps`, `unknown_host` */
export async function viewTrend(history: History, request: TrendRequest, zone: string) {
  requireProcess(request);
  const host = chooseHost(history, request.host);
  const spine = history.spine(host);
  const range = chooseRange(spine, request, zone);
  const t =
    request.ts === undefined
      ? range.to
      : instantOf(readInstantQuery('ts', request.ts, zone), spine.t.at(-1) ?? 0, 'to');
  const { life, lives, pid } = await requireLife(history, host, request, t);
  const { rss, samples } = await history.readTimeline(host, life.id, range, { samples: MOST_SAMPLES });
  const from = rss.t[0];
  const to = rss.t.at(-1);
  if (from === undefined || to === undefined) throw noDataForPid(pid, lives, range.to);
  const { gaps, covered_ratio } = coverageOf(spine, { from, to });
  const trend = trendOf(rss, gaps);
  return {
    pid,
    key: life.key,
    cmd: life.cmd,
    from: formatInstant(from),
    to: formatInstant(to),
    samples,
    covered_ratio,
    metric: 'rss' as const,
    current_bytes: rss.bytes[rss.bytes.length - 1],
    direction: { value: trend.direction, rule: TREND_RULES.direction },
    rate: {
      bytes_per_hour: trend.bytesPerHour,
      percent_per_minute: trend.percentPerMinute,
      rule: TREND_RULES.rate,
    },
    peak: { bytes: trend.peak.bytes, at: formatInstant(trend.peak.t), rule: TREND_RULES.peak },
    near_peak: { ...trend.nearPeak, rule: TREND_RULES.near_peak },
  };
}
