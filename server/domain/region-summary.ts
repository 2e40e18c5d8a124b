import type {
  ClassedRegion,
  ClassTotals,
  FileTotals,
  RegionClass,
  RegionFigures,
  RegionTotals,
  Stretch,
} from './memory-regions.ts';
import { REGION_CLASS_IDS } from './memory-regions.ts';
import type { LayoutFigures, PageSizeFigures } from './process-analysis.ts';

/** Regions added up as they come: in all, by class, by file, by page size, and as stretches of the map. */

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
type Sum = Writable<RegionTotals>;

export interface RegionSummary {
  readonly totals: RegionTotals;
  readonly classes: readonly ClassTotals[];
  readonly files: readonly FileTotals[];
  readonly map: readonly Stretch[];
  readonly layout: LayoutFigures;
}

export interface RegionTally {
  /** In order of address. */
  add(region: ClassedRegion): void;
  finish(): RegionSummary;
}

/** More cannot be told apart on any screen. */
const MOST_STRETCHES = 4000;

function openSum(): Sum {
  return {
    regions: 0,
    size_bytes: 0,
    rss_bytes: 0,
    pss_bytes: 0,
    shared_bytes: 0,
    private_bytes: 0,
    swap_bytes: 0,
    locked_bytes: 0,
    huge_bytes: 0,
    hugetlb_bytes: 0,
  };
}

/** Unknown as soon as one part is. */
function plus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

export function sharedBytes(region: RegionFigures): number {
  return region.shared_clean_bytes + region.shared_dirty_bytes;
}

export function privateBytes(region: RegionFigures): number {
  return region.private_clean_bytes + region.private_dirty_bytes;
}

function hugeBytes(region: RegionFigures): number | null {
  return plus(plus(region.anon_huge_bytes, region.shmem_huge_bytes), region.file_huge_bytes);
}

function hugetlbBytes(region: RegionFigures): number | null {
  return plus(region.shared_hugetlb_bytes, region.private_hugetlb_bytes);
}

function addTo(sum: Sum, region: RegionFigures): void {
  sum.regions++;
  sum.size_bytes += region.size_bytes;
  sum.rss_bytes += region.rss_bytes;
  sum.pss_bytes += region.pss_bytes;
  sum.shared_bytes += sharedBytes(region);
  sum.private_bytes += privateBytes(region);
  sum.swap_bytes += region.swap_bytes;
  sum.locked_bytes = plus(sum.locked_bytes, region.locked_bytes);
  sum.huge_bytes = plus(sum.huge_bytes, hugeBytes(region));
  sum.hugetlb_bytes = plus(sum.hugetlb_bytes, hugetlbBytes(region));
}

function sumOf<Key>(sums: Map<Key, Sum>, key: Key): Sum {
  const known = sums.get(key);
  if (known) return known;
  const sum = openSum();
  sums.set(key, sum);
  return sum;
}

interface Access {
  readable: number;
  writable: number;
  executable: number;
}

function addAccess(access: Access, { permissions, size_bytes }: ClassedRegion): void {
  if (permissions[0] === 'r') access.readable += size_bytes;
  if (permissions[1] === 'w') access.writable += size_bytes;
  if (permissions[2] === 'x') access.executable += size_bytes;
}

function addPages(sizes: Map<number, Writable<PageSizeFigures>>, region: ClassedRegion): void {
  const { kernel_page_bytes: page_bytes, size_bytes, rss_bytes } = region;
  const size = sizes.get(page_bytes) ?? { page_bytes, regions: 0, size_bytes: 0, resident_bytes: 0 };
  sizes.set(page_bytes, size);
  size.regions++;
  size.size_bytes += size_bytes;
  size.resident_bytes += rss_bytes + (hugetlbBytes(region) ?? 0);
}

function addStretch(map: Writable<Stretch>[], region: ClassedRegion): void {
  const { start, end, size_bytes, rss_bytes, swap_bytes } = region;
  const last = map.at(-1);
  if (last?.class === region.class && last.end === start) {
    last.end = end;
    last.regions++;
    last.size_bytes += size_bytes;
    last.rss_bytes += rss_bytes;
    last.swap_bytes += swap_bytes;
  } else map.push({ start, end, class: region.class, regions: 1, size_bytes, rss_bytes, swap_bytes });
}

/** Too many stretches are put together with their neighbours, as what the largest of them is. */
function coarsen(map: readonly Stretch[]): readonly Stretch[] {
  const together = Math.ceil(map.length / MOST_STRETCHES);
  if (together <= 1) return map;
  return Array.from({ length: Math.ceil(map.length / together) }, (_, at) => {
    const parts = map.slice(at * together, (at + 1) * together);
    const sum = (id: 'regions' | 'size_bytes' | 'rss_bytes' | 'swap_bytes') =>
      parts.reduce((total, part) => total + part[id], 0);
    return {
      start: parts[0].start,
      end: parts[parts.length - 1].end,
      class: parts.reduce((largest, part) => (part.size_bytes > largest.size_bytes ? part : largest)).class,
      regions: sum('regions'),
      size_bytes: sum('size_bytes'),
      rss_bytes: sum('rss_bytes'),
      swap_bytes: sum('swap_bytes'),
    };
  });
}

/** What pages of hugetlbfs are: resident, and shared or private like others. */
interface Hugetlb {
  shared: number | null;
  private: number | null;
}

function layoutOf(
  totals: RegionTotals,
  access: Access,
  hugetlb: Hugetlb,
  sizes: readonly PageSizeFigures[],
  pageBytes: number,
): LayoutFigures {
  return {
    page_bytes: pageBytes,
    virtual_bytes: totals.size_bytes,
    resident_bytes: totals.rss_bytes + (totals.hugetlb_bytes ?? 0),
    shared_bytes: totals.shared_bytes + (hugetlb.shared ?? 0),
    private_bytes: totals.private_bytes + (hugetlb.private ?? 0),
    swapped_bytes: totals.swap_bytes,
    readable_bytes: access.readable,
    writable_bytes: access.writable,
    executable_bytes: access.executable,
    huge_bytes: totals.huge_bytes,
    hugetlb_bytes: totals.hugetlb_bytes,
    page_sizes: [...sizes].sort((a, b) => a.page_bytes - b.page_bytes),
  };
}

const isNamed = (path: string) => path.startsWith('/');

/** @param pageBytes the usual page size of this host */
export function openRegionTally(pageBytes: number): RegionTally {
  const totals = openSum();
  const classes = new Map<RegionClass, Sum>();
  const files = new Map<string, { readonly path: string; readonly is_deleted: boolean; readonly sum: Sum }>();
  const sizes = new Map<number, Writable<PageSizeFigures>>();
  const access: Access = { readable: 0, writable: 0, executable: 0 };
  const hugetlb: Hugetlb = { shared: 0, private: 0 };
  const map: Writable<Stretch>[] = [];
  return {
    add(region) {
      addTo(totals, region);
      addTo(sumOf(classes, region.class), region);
      addAccess(access, region);
      addPages(sizes, region);
      addStretch(map, region);
      hugetlb.shared = plus(hugetlb.shared, region.shared_hugetlb_bytes);
      hugetlb.private = plus(hugetlb.private, region.private_hugetlb_bytes);
      const { path, is_deleted } = region;
      if (!isNamed(path)) return;
      const name = `${is_deleted ? '-' : '+'}${path}`;
      const file = files.get(name) ?? { path, is_deleted, sum: openSum() };
      files.set(name, file);
      addTo(file.sum, region);
    },
    finish: () => ({
      totals,
      classes: REGION_CLASS_IDS.flatMap((id) => {
        const sum = classes.get(id);
        return sum ? [{ class: id, ...sum }] : [];
      }),
      files: Array.from(files.values(), ({ path, is_deleted, sum }) => ({ path, is_deleted, ...sum })).sort(
        (a, b) => b.rss_bytes - a.rss_bytes || b.size_bytes - a.size_bytes,
      ),
      map: coarsen(map),
      layout: layoutOf(totals, access, hugetlb, [...sizes.values()], pageBytes),
    }),
  };
}
