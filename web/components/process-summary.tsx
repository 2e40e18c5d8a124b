import { displayText } from '../../server/domain/text-notation.ts';
import type { PlotAnswer } from '../../server/interfaces/http/schemas.ts';
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

function ownFacts({ process, peak }: PlotAnswer): readonly Fact[] {
  return [
    ['RSS min', <Bytes value={process.rss_min_bytes} />],
    ['RSS mean', <Bytes value={process.rss_mean_bytes} />],
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

function subtreeFacts(answer: PlotAnswer): readonly Fact[] {
  const { process } = answer;
  return [
    ['Subtree min', <Bytes value={subtreeMin(answer)} />],
    ['Subtree mean', <Bytes value={process.subtree_rss_mean_bytes} />],
    ['Subtree max', <Bytes value={process.subtree_rss_max_bytes} />],
  ];
}

/** The life of one process in a few lines. */
export function ProcessSummary({ answer }: { readonly answer: PlotAnswer }) {
  return (
    <div class="summary-columns">
      {[whenFacts(answer), ownFacts(answer), subtreeFacts(answer)].map((facts) => (
        <Facts key={facts[0][0]} facts={facts} />
      ))}
    </div>
  );
}
