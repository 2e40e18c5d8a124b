import type { LedgerFigures } from '../../server/domain/ledger.ts';
import { buildLedger, LEDGER_FIGURES, LEDGER_PARTS } from '../../server/domain/ledger.ts';
import type { LivePoint } from '../../server/domain/live-point.ts';
import { PAGE_BYTES, rateAt } from '../../server/domain/rates.ts';
import type { SystemMetricId } from '../../server/domain/system-metrics.ts';
import type { OverviewAnswer } from '../../server/interfaces/http/schemas/overview.ts';
import type { LiveSeries } from './live-series.ts';

/** The overview's series with live points behind the samples, so that its charts go on between two of them. */

type Series = OverviewAnswer['series'];
type Flat = Omit<Series, 't' | 'ledger'>;
type Ledger = Series['ledger'];

function along(points: readonly LivePoint[], id: SystemMetricId): (number | null)[] {
  return points.map(({ system }) => system.metrics[id] ?? null);
}

/** Of a counter: between two points; unknown at the first. */
function rateAlong(points: readonly LivePoint[], id: SystemMetricId, scale = 1): (number | null)[] {
  const t = points.map((point) => point.t);
  const counts = points.map(({ system }) => system.metrics[id] ?? Number.NaN);
  const counter = { t, counts, scale };
  return points.map((_, at) => {
    const rate = rateAt(counter, at);
    return rate >= 0 ? rate : null;
  });
}

function flatSeries(points: readonly LivePoint[]): Flat {
  return {
    mem_total_bytes: along(points, 'mem_total_bytes'),
    used_bytes: points.map(({ system }) => system.used_bytes),
    used_htop_bytes: points.map(({ system }) => system.used_htop_bytes),
    available_bytes: along(points, 'mem_available_bytes'),
    shmem_bytes: along(points, 'shmem_bytes'),
    swap_total_bytes: along(points, 'swap_total_bytes'),
    swap_used_bytes: points.map(({ system }) => system.swap_used_bytes),
    process_rss_bytes: points.map(({ system }) => system.process_rss_bytes),
    psi_some_avg10: along(points, 'psi_some_avg10'),
    psi_full_avg10: along(points, 'psi_full_avg10'),
    major_faults_per_second: rateAlong(points, 'pgmajfault'),
    swap_in_bytes_per_second: rateAlong(points, 'pswpin', PAGE_BYTES),
    swap_out_bytes_per_second: rateAlong(points, 'pswpout', PAGE_BYTES),
  };
}

function ledgerSeries(points: readonly LivePoint[]): Ledger {
  const ledgers = points.map(({ system }) => {
    const figures = LEDGER_FIGURES.map((id) => [id, system.metrics[id] ?? Number.NaN]);
    return buildLedger(Object.fromEntries(figures) as LedgerFigures);
  });
  const parts = LEDGER_PARTS.map(({ id }) => [`${id}_bytes`, ledgers.map((ledger) => ledger?.[id] ?? null)]);
  return Object.fromEntries(parts) as Ledger;
}

/** Each list of `recorded` with that of `live` behind it, but for the first point, whose rates nobody knows. */
function behind<Lists extends Readonly<Record<string, readonly unknown[]>>>(
  recorded: Lists,
  live: Lists,
): Lists {
  const lists = Object.entries(recorded).map(([id, values]) => [
    id,
    [...values, ...(live[id] ?? []).slice(1)],
  ]);
  return Object.fromEntries(lists) as Lists;
}

/** A gap is longer than so many usual spacings. */
const GAP_SPACINGS = 3;

/**
 * The answer with the points that are newer than its samples; as it is, where they do not follow on these.
 * @param spacingMs usual distance of two samples
 */
export function extendOverview(
  answer: OverviewAnswer,
  { points, gaps }: LiveSeries,
  spacingMs: number,
): OverviewAnswer {
  const { host, coverage, series } = answer;
  const newest = Date.parse(coverage.to);
  const tail = points.filter(({ t }) => t > newest);
  const [first] = tail;
  const last = tail.at(-1);
  if (!first || !last || first === last || first.host !== host) return answer;
  if (first.t - newest > GAP_SPACINGS * spacingMs || gaps.some(({ to }) => to > first.t)) return answer;
  const { t, ledger, ...flat } = series;
  return {
    ...answer,
    coverage: { ...coverage, to: new Date(last.t).toISOString() },
    series: {
      t: [...t, ...tail.slice(1).map((point) => point.t)],
      ledger: behind(ledger, ledgerSeries(tail)),
      ...behind(flat, flatSeries(tail)),
    },
  };
}
