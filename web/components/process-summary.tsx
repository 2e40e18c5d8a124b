import { displayText } from '../../server/domain/text-notation.ts';
import type { CompositionAnswer } from '../../server/interfaces/http/schemas/composition.ts';
import type { PlotAnswer } from '../../server/interfaces/http/schemas.ts';
import { countOf } from '../lib/numbers.ts';
import { formatMoment } from '../lib/time.ts';
import { subtreeMin } from '../pages/plot-charts.ts';
import type { Fact } from './facts.tsx';
import { Facts } from './facts.tsx';
import { Bytes, Duration, Moment } from './figures.tsx';
import { WholeCommand } from './whole-command.tsx';

/** Which of the processes that had this PID; nothing where it was but one. */
function instanceFact({ instances, process }: PlotAnswer): readonly Fact[] {
  if (instances.length < 2) return [];
  const oldestFirst = instances.toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from));
  const at = oldestFirst.findIndex(({ key }) => key === process.key);
  return [['Instance', `${at + 1} of ${instances.length} processes that had PID ${process.pid}`]];
}

function whenFacts(answer: PlotAnswer): readonly Fact[] {
  const { process } = answer;
  return [
    ['Command', <WholeCommand process={process} />],
    ...(process.user === null ? [] : [['User', displayText(process.user)] as const]),
    ['Since', <Moment at={process.started} />],
    ['Until', <Moment at={process.last_seen} />],
    ['Lifetime', <Duration seconds={process.lifetime_seconds} />],
    ...instanceFact(answer),
  ];
}

interface SummaryProps {
  readonly answer: PlotAnswer;
  /** `null`: it comes later. */
  readonly composition: CompositionAnswer | null;
}

/** What 95 % of the samples are at or below. */
function P95({
  of,
  composition,
}: Pick<SummaryProps, 'composition'> & { of: 'rss_bytes' | 'subtree_rss_bytes' }) {
  const statistics = composition?.statistics[of];
  if (!composition || !statistics) return <span class="muted">…</span>;
  const { from, to } = composition.range;
  const range = `${formatMoment(Date.parse(from))} to ${formatMoment(Date.parse(to))}`;
  return (
    <Bytes
      value={statistics.p95}
      label={`95 % of the ${countOf(statistics.count, 'sample', 'samples')} from ${range} are at most`}
    />
  );
}

function ownFacts({ answer: { process, peak }, composition }: SummaryProps): readonly Fact[] {
  return [
    ['RSS min', <Bytes value={process.rss_min_bytes} />],
    ['RSS mean', <Bytes value={process.rss_mean_bytes} />],
    ['RSS p95', <P95 of="rss_bytes" composition={composition} />],
    ['RSS max', <Bytes value={process.rss_max_bytes} />],
    [
      'Peak',
      <>
        <Bytes value={peak.rss_bytes} /> at <Moment at={peak.t} />
      </>,
    ],
    ['PSS', <Bytes value={process.pss_bytes} label="PSS, when it was last seen here" />],
    ['Swap', <Bytes value={process.swap_bytes} label="Swap, when it was last seen here" />],
  ];
}

function subtreeFacts({ answer, composition }: SummaryProps): readonly Fact[] {
  const { process } = answer;
  return [
    ['Subtree min', <Bytes value={subtreeMin(answer)} />],
    ['Subtree mean', <Bytes value={process.subtree_rss_mean_bytes} />],
    ['Subtree p95', <P95 of="subtree_rss_bytes" composition={composition} />],
    ['Subtree max', <Bytes value={process.subtree_rss_max_bytes} />],
  ];
}

/** The life of one process in a few lines. */
export function ProcessSummary(props: SummaryProps) {
  return (
    <div class="summary-columns">
      {[whenFacts(props.answer), ownFacts(props), subtreeFacts(props)].map((facts) => (
        <Facts key={facts[0][0]} facts={facts} />
      ))}
    </div>
  );
}
