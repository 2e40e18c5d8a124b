import { useRef } from 'preact/hooks';
import type { ChartSpec } from '../lib/chart-spec.ts';
import { formatCount } from '../lib/numbers.ts';
import { CopyTableButton } from './copy-table.tsx';
import { Measured, Moment } from './figures.tsx';

export interface ChartTableProps {
  readonly title: string;
  readonly spec: ChartSpec;
  /** Where an instant leads; without it, nowhere. */
  readonly hrefAt?: ((t: number) => string) | undefined;
}

const MOST_ROWS = 240;

/** Instants at which some line has a value, or a layer one that nobody knows, evenly thinned to what can be read. */
function momentsOf({ lines }: ChartSpec): { moments: readonly number[]; of: number } {
  const told = lines.flatMap(({ t, values, isEdge, isLayer }) =>
    t.filter((_, at) => (values[at] !== null || isLayer) && !isEdge?.[at]),
  );
  const all = [...new Set(told)].sort((a, b) => a - b);
  const step = Math.max(1, Math.ceil(all.length / MOST_ROWS));
  return { moments: all.filter((_, at) => (all.length - 1 - at) % step === 0), of: all.length };
}

function Rows({
  spec,
  hrefAt,
  moments,
}: Omit<ChartTableProps, 'title'> & { readonly moments: readonly number[] }) {
  const values = spec.lines.map(({ t, values }) => new Map(t.map((at, index) => [at, values[index]])));
  return (
    <tbody>
      {moments.map((t) => (
        <tr key={t}>
          <th scope="row" class="l">
            {hrefAt ? (
              <a href={hrefAt(t)}>
                <Moment at={t} />
              </a>
            ) : (
              <Moment at={t} />
            )}
          </th>
          {spec.lines.map(({ id }, index) => (
            <td key={id} class="num">
              <Measured value={values[index].get(t) ?? null} measure={spec.measure ?? 'bytes'} />
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

function Figures({ title, spec, hrefAt }: ChartTableProps) {
  const { moments, of } = momentsOf(spec);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="table-frame scrolls" tabIndex={0} aria-label={`${title}, as a table`}>
      <table>
        <caption>
          {moments.length < of
            ? `${formatCount(moments.length)} of ${formatCount(of)} points, evenly chosen.`
            : `All ${formatCount(of)} points.`}
          {spec.lines.some(({ unknown = [] }) => unknown.length > 0) ? ' –: unknown.' : null}
        </caption>
        <thead>
          <tr>
            <th scope="col" class="l">
              Instant
            </th>
            {spec.lines.map(({ id, name }) => (
              <th key={id} scope="col" class="num name" title={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <Rows spec={spec} hrefAt={hrefAt} moments={moments} />
      </table>
    </section>
  );
}

/** The chart in numbers. Each instant leads where a click on the chart leads. */
export function ChartFigures(props: ChartTableProps) {
  const place = useRef<HTMLDivElement>(null);
  return (
    <div ref={place}>
      <Figures {...props} />
      <CopyTableButton
        name={`${props.title}, as a table`}
        find={() => place.current?.querySelector('table') ?? null}
      />
    </div>
  );
}
