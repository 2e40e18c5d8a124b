import type { RegionSort } from '../../server/domain/memory-regions.ts';
import { displayText } from '../../server/domain/text-notation.ts';
import type { AnalyzeRegionsAnswer } from '../../server/interfaces/http/schemas/analyze.ts';
import { isNarrow } from '../lib/media.ts';
import { countOf, formatCount } from '../lib/numbers.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf } from '../state.ts';
import { Bytes } from './figures.tsx';
import { ClassMark, classLabel } from './region-class.tsx';
import { Term } from './term.tsx';

type RegionRow = AnalyzeRegionsAnswer['rows'][number];

interface Column {
  readonly sort: RegionSort;
  readonly label: string;
  readonly bytesOf: (row: RegionRow) => number;
}

const SIZES: readonly Column[] = [
  { sort: 'size', label: 'Size', bytesOf: (row) => row.size_bytes },
  { sort: 'rss', label: 'RSS', bytesOf: (row) => row.rss_bytes },
  { sort: 'pss', label: 'PSS', bytesOf: (row) => row.pss_bytes },
  { sort: 'private', label: 'Private', bytesOf: (row) => row.private_clean_bytes + row.private_dirty_bytes },
  { sort: 'swap', label: 'Swap', bytesOf: (row) => row.swap_bytes },
];

/** A heading sorts: what it means is said above the table. */
const WORDS = ['Region', 'RSS', 'PSS', 'Private', 'Swap'];

interface HeadingProps {
  readonly view: View;
  readonly sort: RegionSort;
  readonly label: string;
}

/** Addresses ascend, sizes descend: there is no other way that anyone wants. */
function Heading({ view, sort, label }: HeadingProps) {
  const isSorted = (view.params.sort ?? 'address') === sort;
  const direction = sort === 'address' ? 'ascending' : 'descending';
  return (
    <th scope="col" class={sort === 'address' ? 'l' : 'num'} aria-sort={isSorted ? direction : 'none'}>
      <a class="sort" href={hrefOf(changeView(view, { sort }))}>
        {label}
        <span class="arrow" aria-hidden="true">
          {isSorted ? (sort === 'address' ? '▲' : '▼') : ''}
        </span>
      </a>
    </th>
  );
}

function Row({ row }: { readonly row: RegionRow }) {
  const columns = isNarrow.value ? SIZES.slice(0, 2) : SIZES;
  return (
    <tr>
      <th scope="row" class="l address">
        {row.start}
        {isNarrow.value ? null : <span class="muted">–{row.end}</span>}
      </th>
      <td class="l cmd">{row.permissions}</td>
      <td class="l">
        <ClassMark id={row.class} /> {isNarrow.value ? null : classLabel(row.class)}
      </td>
      {columns.map(({ sort, bytesOf }) => (
        <td key={sort} class="num">
          <Bytes value={bytesOf(row)} />
        </td>
      ))}
      <td class="l path">
        <span class="cmd">{displayText(row.path)}</span>
        {row.is_deleted ? <small class="hurting"> deleted</small> : null}
      </td>
    </tr>
  );
}

interface RegionsTableProps {
  readonly view: View;
  readonly rows: readonly RegionRow[];
  /** How many there are in all. */
  readonly matched: number;
}

export function RegionsTable({ view, rows, matched }: RegionsTableProps) {
  const columns = isNarrow.value ? SIZES.slice(0, 2) : SIZES;
  if (rows.length === 0) return <p class="empty">No regions here.</p>;
  return (
    <>
      <p class="muted">
        {rows.length < matched
          ? `${formatCount(rows.length)} of ${countOf(matched, 'region', 'regions')} shown. `
          : `${countOf(matched, 'region', 'regions')}. `}
        {rows.length < matched ? <a href={hrefOf(changeView(view, { limit: 5000 }))}>Show more</a> : null}
        <span class="words-of">
          What they mean:
          {WORDS.map((word) => (
            <Term key={word} text={word} />
          ))}
        </span>
      </p>
      <div class="table-frame">
        <table class="regions" aria-label="Memory regions">
          <thead>
            <tr>
              <Heading view={view} sort="address" label="Address" />
              <th scope="col" class="l">
                Access
              </th>
              <th scope="col" class="l">
                Class
              </th>
              {columns.map(({ sort, label }) => (
                <Heading key={sort} view={view} sort={sort} label={label} />
              ))}
              <th scope="col" class="l">
                File or name
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.start} row={row} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
