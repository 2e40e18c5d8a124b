import type { RegionClass, Stretch } from './memory-regions.ts';
import { formatAddress, REGION_CLASSES } from './memory-regions.ts';

/** The address space as letters, to scale; holes and what is only reserved are folded. */

export interface AsciiMap {
  /** What one letter stands for at most, bytes. */
  readonly slot_bytes: number;
  readonly rows: readonly AsciiRow[];
}

export interface AsciiRow {
  /** Of the first letter. */
  readonly address: string;
  readonly letters: string;
  /** Under each letter the share of it that is in RAM: 0 less than a tenth … 9 nine tenths and more. */
  readonly shares: string;
}

const PAGE = 4096;

const LETTER_OF = Object.fromEntries(REGION_CLASSES.map(({ id, letter }) => [id, letter])) as Readonly<
  Record<RegionClass, string>
>;

interface Slot {
  readonly address: number;
  readonly letter: string;
  readonly share: string;
}

function shareOf({ rss_bytes, size_bytes }: Stretch): string {
  return String(Math.min(9, Math.floor((10 * rss_bytes) / size_bytes)));
}

function lettersFor(stretch: Stretch, slotBytes: number): number {
  return stretch.class === 'guard' ? 1 : Math.max(1, Math.ceil(stretch.size_bytes / slotBytes));
}

/** The smallest power of two of pages with which all fits into `most` letters; each stretch has one at least. */
function slotSize(map: readonly Stretch[], most: number): number {
  const wanted = Math.max(most, map.length);
  let slotBytes = PAGE;
  while (map.reduce((sum, stretch) => sum + lettersFor(stretch, slotBytes), 0) > wanted) slotBytes *= 2;
  return slotBytes;
}

function slotsOf(stretch: Stretch, slotBytes: number): readonly Slot[] {
  const slot = {
    letter: LETTER_OF[stretch.class],
    share: stretch.class === 'guard' ? ' ' : shareOf(stretch),
  };
  return Array.from({ length: lettersFor(stretch, slotBytes) }, (_, at) => ({
    ...slot,
    address: stretch.start + at * slotBytes,
  }));
}

/** @param size `rows` is a wish: every stretch has its letter, however many there are */
export function buildAsciiMap(
  map: readonly Stretch[],
  size: { readonly columns: number; readonly rows: number },
): AsciiMap {
  const { columns, rows } = size;
  const slot_bytes = slotSize(map, columns * rows);
  const slots = map.flatMap((stretch) => slotsOf(stretch, slot_bytes));
  return {
    slot_bytes,
    rows: Array.from({ length: Math.ceil(slots.length / columns) }, (_, row) => {
      const line = slots.slice(row * columns, (row + 1) * columns);
      return {
        address: formatAddress(line[0].address),
        letters: line.map(({ letter }) => letter).join(''),
        shares: line.map(({ share }) => share).join(''),
      };
    }),
  };
}
