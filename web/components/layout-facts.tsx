import type { AnalyzeLayoutAnswer } from '../../server/interfaces/http/schemas/analyze.ts';
import { besideHref, useBeside } from '../beside.ts';
import { formatBytes } from '../lib/bytes.ts';
import { formatCount } from '../lib/numbers.ts';
import { Facts } from './facts.tsx';

/** How many pages there are of what, beside the map. */

const KINDS = [
  ['Virtual', 'virtual_bytes'],
  ['Resident', 'resident_bytes'],
  ['Shared', 'shared_bytes'],
  ['Private', 'private_bytes'],
  ['Swapped out', 'swapped_bytes'],
  ['Readable', 'readable_bytes'],
  ['Writable', 'writable_bytes'],
  ['Executable', 'executable_bytes'],
  ['In huge pages', 'huge_bytes'],
  ['In hugetlbfs', 'hugetlb_bytes'],
] as const;

export function LayoutFacts({ pid }: { readonly pid: string | undefined }) {
  const answer = useBeside<AnalyzeLayoutAnswer>(besideHref('/api/v1/analyze/layout', { pid }));
  const layout = answer?.layout;
  if (!layout) return null;
  const pages = (bytes: number | null) =>
    bytes === null ? 'unknown' : `${formatCount(bytes / layout.page_bytes)} (${formatBytes(bytes)})`;
  return (
    <section class="block">
      <h2>Pages of {formatBytes(layout.page_bytes)}</h2>
      <Facts facts={KINDS.map(([label, id]) => [label, pages(layout[id])])} />
    </section>
  );
}
