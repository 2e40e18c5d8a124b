import type { Standing } from '../lib/live-stats.ts';
import { Bytes } from './figures.tsx';

/** Each line as a bar: how far it is now, on the average and at most. */

export interface StandingRow {
  readonly id: string;
  readonly name: string;
  readonly standing: Standing;
}

interface StandingTableProps {
  readonly title: string;
  readonly rows: readonly StandingRow[];
}

/** The bar is now, the line in it the mean, the end of its track the peak; all on one scale. */
function Bar({ standing, most }: { readonly standing: Standing; readonly most: number }) {
  const share = (value: number) => `${((value / most) * 100).toFixed(1)}%`;
  const style = {
    '--now': share(standing.now),
    '--mean': share(standing.mean),
    '--peak': share(standing.peak),
  };
  return <i class="standing-bar" style={style} aria-hidden="true" />;
}

export function StandingTable({ title, rows }: StandingTableProps) {
  const most = Math.max(1, ...rows.map(({ standing }) => standing.peak));
  return (
    <section class="standing">
      <h2>{title}</h2>
      <div class="table-frame">
        <table aria-label={title}>
          <thead>
            <tr>
              <th scope="col" class="l">
                <span class="sr-only">Line</span>
              </th>
              <th scope="col">Now</th>
              <th scope="col">Mean</th>
              <th scope="col">Peak</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ id, name, standing }) => (
              <tr key={id}>
                <th scope="row" class="l" title={name}>
                  <span class="name">{name}</span>
                  <Bar standing={standing} most={most} />
                </th>
                <td class="num">
                  <Bytes value={standing.now} />
                </td>
                <td class="num">
                  <Bytes value={standing.mean} />
                </td>
                <td class="num">
                  <Bytes value={standing.peak} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
