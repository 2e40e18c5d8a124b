import { formatDuration } from '../../server/domain/units.ts';
import type { PlotAnswer } from '../../server/interfaces/http/schemas.ts';
import { formatChange } from '../lib/bytes.ts';
import { exactBytes } from '../lib/numbers.ts';
import type { Extremes, Moment as PointInTime, Points } from '../lib/series.ts';
import { extremesAlong, ownExtremes } from '../pages/plot-charts.ts';
import { Bytes, Moment } from './figures.tsx';

/** What was measured of the way that a process took, and no opinion on it. */

function firstKnown({ t, values }: Points): PointInTime | null {
  const at = values.findIndex((value) => value !== null);
  const value = values[at];
  return value === null || value === undefined ? null : { t: t[at], value };
}

function At({ point, beside }: { readonly point: PointInTime; readonly beside: number }) {
  return (
    <>
      <Bytes value={point.value} />
      <small class="muted">
        <Moment at={point.t} beside={beside} />
      </small>
    </>
  );
}

interface RowProps {
  readonly name: string;
  readonly line: PlotAnswer['own'];
  readonly found: Extremes | null;
}

function Row({ name, line, found }: RowProps) {
  const first = firstKnown({ t: line.t, values: line.rss_bytes });
  if (!first || !found) return null;
  const { low, high, last } = found;
  const change = last.value - first.value;
  return (
    <tr>
      <th scope="row" class="l">
        {name}
      </th>
      {[first, low, high, last].map((point, at) => (
        <td key={at} class="num">
          <At point={point} beside={last.t} />
        </td>
      ))}
      <td class="num">
        <data value={change} title={exactBytes(change)}>
          {formatChange(change)}
        </data>
        <small class="muted">in {formatDuration((last.t - first.t) / 1000)}</small>
      </td>
    </tr>
  );
}

const HEADINGS = ['First', 'Least', 'Peak', 'Last', 'Change'];

export function TrendBox({ answer }: { readonly answer: PlotAnswer }) {
  const { own, subtree, method } = answer;
  return (
    <section class="block trend">
      <h2>Trend</h2>
      <div class="table-frame">
        <table aria-label="Trend">
          <thead>
            <tr>
              <th scope="col" class="l">
                In this range
              </th>
              {HEADINGS.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <Row name="Own RSS" line={own} found={ownExtremes(answer)} />
            <Row name="Subtree RSS" line={subtree} found={extremesAlong(subtree)} />
          </tbody>
        </table>
      </div>
      {method === 'rollup' ? (
        <p class="muted">
          Over so long a range each hour tells its smallest and its largest sample: first and last are of
          those.
        </p>
      ) : null}
      {method === 'buckets' ? (
        <p class="muted">
          First and last are means of a step. Least and peak are samples: the peak of own RSS stands at its
          instant, the others at the middle of their step.
        </p>
      ) : null}
    </section>
  );
}
