import type { Quantity } from '../../server/domain/units.ts';
import * as units from '../../server/domain/units.ts';
import { unit } from './reader.ts';

/** Sizes in the reader's unit: of 1024 as the kernel counts, or of 1000 as disks do. */

export function quantityOfBytes(bytes: number | null): Quantity {
  return units.quantityOfBytes(bytes, unit.value === 'MB');
}

export function formatBytes(bytes: number | null): string {
  return units.formatBytes(bytes, unit.value === 'MB');
}

/** `13.2 of 15.6 GiB` */
export function formatPart(part: number, whole: number | null): string {
  return units.formatPart(part, whole, unit.value === 'MB');
}

/** `+1.2 GiB`, `−40.0 MiB`, `0 B`: a change. */
export function formatChange(bytes: number | null): string {
  return units.formatChange(bytes, unit.value === 'MB');
}
