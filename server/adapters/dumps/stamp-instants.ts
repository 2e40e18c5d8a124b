import type { DumpName } from '../../domain/dump-names.ts';
import { instantOfStamp } from '../../domain/stamp.ts';
import { utcFromWall } from '../../domain/time-zone.ts';

const QUARTER = 15 * 60_000;
const MOST_QUARTERS = 10_000;

/**
 * Stamps → instants in one zone. Asking the zone data takes a hundred times as long as all else of listing a
 * file, so each quarter of an hour is asked for once: at both ends, since a clock may be turned within it.
 */
export function openStampInstants(zone: string): (stamp: DumpName['stamp']) => number | null {
  const offsets = new Map<number, number | null>();

  function instantAt(stamp: DumpName['stamp'], minute: number, second: number, millisecond: number) {
    return instantOfStamp({ ...stamp, wall: { ...stamp.wall, minute, second, millisecond } }, zone);
  }

  /** What to add to the wall time throughout this quarter; `null`: it is not the same throughout. */
  function offsetOf(stamp: DumpName['stamp'], quarterStart: number): number | null {
    const minute = stamp.wall.minute - (stamp.wall.minute % 15);
    const first = instantAt(stamp, minute, 0, 0);
    const last = instantAt(stamp, minute + 14, 59, 999);
    if (first === null || last === null || last - first !== QUARTER - 1) return null;
    return first - quarterStart;
  }

  return (stamp) => {
    const wall = utcFromWall(stamp.wall);
    if (wall === null || stamp.isUtc) return wall;
    const quarterStart = Math.floor(wall / QUARTER) * QUARTER;
    let offset = offsets.get(quarterStart);
    if (offset === undefined) {
      if (offsets.size >= MOST_QUARTERS) offsets.clear();
      offset = offsetOf(stamp, quarterStart);
      offsets.set(quarterStart, offset);
    }
    return offset === null ? instantOfStamp(stamp, zone) : wall + offset;
  };
}
