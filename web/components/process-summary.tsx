import type { ComponentChildren } from 'preact';
import type { PlotAnswer } from '../../server/interfaces/http/schemas.ts';
import { processName } from '../lib/process-text.ts';
import { subtreeMin } from '../pages/plot-charts.ts';
import { Bytes, Duration, Moment } from './figures.tsx';

type Fact = readonly [label: string, value: ComponentChildren];

function whenFacts({ process }: PlotAnswer): readonly Fact[] {
  return [
    ['Command', <span class="cmd whole">{processName(process).text}</span>],
    ['Since', <Moment at={process.started} />],
    ['Until', <Moment at={process.last_seen} />],
    ['Lifetime', <Duration seconds={process.lifetime_seconds} />],
  ];
}

function sizeFacts(answer: PlotAnswer): readonly Fact[] {
  const { process, peak } = answer;
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
    ['Subtree min', <Bytes value={subtreeMin(answer)} />],
    ['Subtree mean', <Bytes value={process.subtree_rss_mean_bytes} />],
    ['Subtree max', <Bytes value={process.subtree_rss_max_bytes} />],
  ];
}

/** The life of one process in a few lines. */
export function ProcessSummary({ answer }: { readonly answer: PlotAnswer }) {
  return (
    <div class="summary-columns">
      {[whenFacts(answer), sizeFacts(answer)].map((facts) => (
        <dl key={facts[0][0]} class="facts">
          {facts.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      ))}
    </div>
  );
}
