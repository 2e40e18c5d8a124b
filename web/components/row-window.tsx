import type { ComponentChildren, RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { isPrinting } from '../lib/media.ts';
import { countOf, formatCount } from '../lib/numbers.ts';
import type { RowRange } from '../lib/row-window.ts';
import {
  ROW_PX,
  rangesEqual,
  renderedRanges,
  rowsInSight,
  stretchesOf,
  WHOLE_UP_TO,
} from '../lib/row-window.ts';

/** Long tables: only the rows around those in sight are in the page, unless they are printed or asked for. */

export type Body = RefObject<HTMLTableSectionElement | null>;

/** The rows in sight of a page that scrolls. */
export function useRowsInSight(body: Body, count: number): RowRange {
  const [inSight, setInSight] = useState(() => rowsInSight(count, 0, innerHeight));
  useLayoutEffect(() => {
    let frame = 0;
    const measure = () => {
      frame = 0;
      const top = body.current?.getBoundingClientRect().top ?? 0;
      const next = rowsInSight(count, top, innerHeight);
      setInSight((known) => (rangesEqual(known, next) ? known : next));
    };
    const onMove = () => {
      frame ||= requestAnimationFrame(measure);
    };
    measure();
    addEventListener('scroll', onMove, { passive: true });
    addEventListener('resize', onMove, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('scroll', onMove);
      removeEventListener('resize', onMove);
    };
  }, [count]);
  return inSight;
}

interface WindowedRowsProps {
  readonly count: number;
  readonly inSight: RowRange;
  /** The row that takes the focus, −1 where there is none. */
  readonly active: number;
  readonly isWhole: boolean;
  /** Columns of the table. */
  readonly width: number;
  readonly children: (index: number) => ComponentChildren;
}

function Gap({ range, width }: { readonly range: RowRange; readonly width: number }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a gap is empty and takes no focus
    <tr class="row-gap" aria-hidden="true" style={{ height: `${(range.end - range.first) * ROW_PX}px` }}>
      <td colSpan={width} />
    </tr>
  );
}

function gapKey({ first, end }: RowRange, count: number): string {
  if (first === 0) return 'gap above';
  return end === count ? 'gap below' : 'gap between';
}

export function WindowedRows({ count, inSight, active, isWhole, width, children }: WindowedRowsProps) {
  const all = isWhole || isPrinting.value || count <= WHOLE_UP_TO;
  const ranges = all ? [{ first: 0, end: count }] : renderedRanges(count, inSight, active);
  // One flat list, so that rows are told apart by their keys alone: in lists of their own, all of them would be made
  // anew where a gap comes to stand before them.
  return (
    <>
      {stretchesOf(count, ranges).flatMap(({ kind, range }) =>
        kind === 'gap'
          ? [<Gap key={gapKey(range, count)} range={range} width={width} />]
          : Array.from({ length: range.end - range.first }, (_, at) => children(range.first + at)),
      )}
    </>
  );
}

interface WholeNoteProps {
  readonly count: number;
  readonly isWhole: boolean;
  readonly onWhole: () => void;
}

/** The browser's own search finds only what is in the page. */
export function WholeNote({ count, isWhole, onWhole }: WholeNoteProps) {
  if (isWhole || count <= WHOLE_UP_TO) return null;
  return (
    <p class="muted whole-note">
      {countOf(count, 'row', 'rows')}, of which those in sight are in the page.{' '}
      <button type="button" class="btn" onClick={onWhole}>
        Put all {formatCount(count)} into it
      </button>
    </p>
  );
}
