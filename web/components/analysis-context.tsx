import { formatDuration } from '../../server/domain/units.ts';
import type { AnalyzeAllAnswer } from '../../server/interfaces/http/schemas/analyze.ts';
import type { AnalyzeTrendsAnswer } from '../../server/interfaces/http/schemas/analyze-over-time.ts';
import { formatChange } from '../lib/bytes.ts';
import { countOf, formatCount, formatShare } from '../lib/numbers.ts';
import type { View } from '../state.ts';
import { linkTo } from '../state.ts';
import type { Fact } from './facts.tsx';
import { Facts } from './facts.tsx';
import type { Figure } from './figures.tsx';
import { Bytes, Figures, Moment } from './figures.tsx';
import { MeminfoTable } from './meminfo-table.tsx';

/** A process along what was recorded of it, and the host around it. */

const DIRECTIONS: Readonly<Record<AnalyzeTrendsAnswer['direction']['value'], string>> = {
  rising: 'Rising',
  falling: 'Falling',
  steady: 'Steady',
  unknown: 'Unknown',
};

/** A rule stands for itself here. */
function asSentence(rule: string): string {
  return rule.charAt(0).toUpperCase() + rule.slice(1);
}

function trendFigures({ direction, rate, peak, near_peak, current_bytes }: AnalyzeTrendsAnswer): Figure[] {
  const perHour = rate.bytes_per_hour === null ? 'unknown' : `${formatChange(rate.bytes_per_hour)} an hour`;
  const near =
    near_peak.ratio === null || near_peak.seconds === null
      ? 'unknown'
      : `${formatDuration(near_peak.seconds)} (${formatShare(near_peak.ratio)})`;
  return [
    { label: 'RSS at the last sample', value: <Bytes value={current_bytes} /> },
    { label: 'Direction', value: DIRECTIONS[direction.value], note: asSentence(direction.rule) },
    { label: 'Rate', value: perHour, note: asSentence(rate.rule) },
    {
      label: 'Peak',
      value: <Bytes value={peak.bytes} />,
      note: (
        <>
          At <Moment at={peak.at} />. {asSentence(peak.rule)}
        </>
      ),
    },
    { label: 'Above 90 % of the peak', value: near, note: asSentence(near_peak.rule) },
  ];
}

export function TrendsTab({ view, answer }: { readonly view: View; readonly answer: AnalyzeTrendsAnswer }) {
  const { key, from, to, samples, covered_ratio } = answer;
  return (
    <>
      <p>
        {countOf(samples, 'recorded sample', 'recorded samples')} of this life, <Moment at={from} /> –{' '}
        <Moment at={to} beside={from} />, {formatShare(covered_ratio)} of that time covered. Whether it leaks
        is not judged here.
      </p>
      <Figures figures={trendFigures(answer)} />
      <p>
        <a class="btn" href={linkTo('plot', view, { key, sort: null, limit: null })}>
          Plot it →
        </a>
      </p>
    </>
  );
}

type Context = AnalyzeAllAnswer['system'];

function contextFacts({
  memory,
  swap,
  uptime_seconds,
  load,
  cpus,
  pressure,
  overcommit,
  max_regions,
  thp_mode,
  oom_kills,
}: Context): Fact[] {
  const size = (value: number | null) => <Bytes value={value} />;
  const share = (value: number | null) => (value === null ? 'unknown' : `${value.toFixed(2)} %`);
  return [
    ['RAM', size(memory.total_bytes)],
    ['Used', size(memory.used_bytes)],
    ['Available', size(memory.available_bytes)],
    ['Free', size(memory.free_bytes)],
    ['Swap', size(swap.total_bytes)],
    ['Swap in use', size(swap.used_bytes)],
    ['Pressure, some', share(pressure.some_avg10)],
    ['Pressure, full', share(pressure.full_avg10)],
    ['Load', load.map((one) => one.toFixed(2)).join(', ')],
    ['CPUs', String(cpus)],
    ['Up for', uptime_seconds === null ? 'unknown' : formatDuration(uptime_seconds)],
    ['Overcommit mode', overcommit.mode === null ? 'unknown' : String(overcommit.mode)],
    ['Transparent huge pages', thp_mode ?? 'unknown'],
    ['OOM kills since boot', oom_kills === null ? 'unknown' : formatCount(oom_kills)],
    ['Most regions', max_regions === null ? 'unknown' : formatCount(max_regions)],
  ];
}

export function ContextTab({ answer: { system } }: { readonly answer: { readonly system: Context } }) {
  return (
    <div class="summary-columns analysis-parts">
      <section class="part">
        <h2>This host</h2>
        <Facts facts={contextFacts(system)} />
      </section>
      <section class="part">
        <h2>/proc/meminfo</h2>
        <MeminfoTable meminfo={system.meminfo} memory={system.memory} />
      </section>
    </div>
  );
}
