import type { AnalyzeRegionsAnswer } from '../../server/interfaces/http/schemas/analyze.ts';
import type { Area, Block } from '../lib/address-map.ts';
import { layOutAreas } from '../lib/address-map.ts';
import { formatBytes } from '../lib/bytes.ts';
import { countOf, formatShare } from '../lib/numbers.ts';
import { classLabel } from './region-class.tsx';
import { usePagePicture } from './use-page-picture.ts';

/** The address space to scale, its gaps folded: colour is the class, height the share that is in RAM. */

interface AddressMapProps {
  readonly map: AnalyzeRegionsAnswer['map'];
  /** A range of addresses, as the URL has it. */
  readonly chosen: string | undefined;
  readonly hrefOf: (range: string) => string;
}

function describe({ start, end, class: id, regions, size_bytes, rss_bytes, swap_bytes }: Block): string {
  const swapped = swap_bytes > 0 ? `, ${formatBytes(swap_bytes)} swapped out` : '';
  const resident = `${formatBytes(rss_bytes)} in RAM (${formatShare(rss_bytes / size_bytes)})`;
  return `${classLabel(id)} ${start}–${end}: ${formatBytes(size_bytes)} in ${countOf(regions, 'region', 'regions')}, ${resident}${swapped}`;
}

function place(link: HTMLAnchorElement | null, { left, width }: Block): void {
  link?.style.setProperty('left', `${left * 100}%`);
  link?.style.setProperty('width', `${width * 100}%`);
}

/** The share of it that is in RAM. */
function fill(bar: HTMLElement | null, { rss_bytes, size_bytes }: Block): void {
  bar?.style.setProperty('height', `${Math.min(1, rss_bytes / size_bytes) * 100}%`);
}

function AreaRow({ area, chosen, hrefOf }: { area: Area } & Pick<AddressMapProps, 'chosen' | 'hrefOf'>) {
  return (
    <li class="area">
      <p class="area-head">
        <span class="cmd">
          {area.start} – {area.end}
        </span>{' '}
        <span class="muted">
          {formatBytes(area.size_bytes)}, {formatBytes(area.rss_bytes)} in RAM
        </span>
      </p>
      <div class="area-blocks">
        {area.blocks.map((block) => {
          const range = `${block.start}-${block.end}`;
          return (
            <a
              key={range}
              class={`region-${block.class}`}
              href={hrefOf(range)}
              ref={(link) => place(link, block)}
              title={describe(block)}
              aria-current={range === chosen ? 'true' : undefined}
            >
              <span ref={(bar) => fill(bar, block)} aria-hidden="true" />
              <span class="sr-only">{describe(block)}</span>
            </a>
          );
        })}
      </div>
    </li>
  );
}

export function AddressMap({ map, chosen, hrefOf }: AddressMapProps) {
  const areas = layOutAreas(map);
  const picture = usePagePicture<HTMLOListElement>('Address space');
  return (
    <ol ref={picture} class="address-map" aria-label="Address space, from low to high">
      {areas.map((area) => (
        <AreaRow key={area.start} area={area} chosen={chosen} hrefOf={hrefOf} />
      ))}
    </ol>
  );
}
