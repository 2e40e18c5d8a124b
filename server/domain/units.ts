import { UNIT_MS } from './durations.ts';

/** The only place that knows KiB, MiB and how a duration is read aloud. */

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;
const DECIMAL = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

export const MIB = 1024 * 1024;

export interface Quantity {
  readonly value: string;
  readonly unit: string;
}

/** From here on three significant digits round to 1000: the next unit says it in three. */
const CARRY = 999.5;

function threeDigits(value: number, unit: string): string {
  return unit === 'B' || value >= CARRY ? value.toFixed(0) : value.toPrecision(3);
}

/**
 * Bytes → a number of three significant digits and its unit. Base 1024 by default, because the kernel counts
 * pages and kB of 1024; `decimal` is for comparing with disks and clouds. Unknown is an en dash.
 */
export function quantityOfBytes(bytes: number | null, decimal = false): Quantity {
  if (bytes === null || Number.isNaN(bytes)) return { value: '–', unit: '' };
  const base = decimal ? 1000 : 1024;
  const units = decimal ? DECIMAL : BINARY;
  const size = Math.abs(bytes);
  let step = 0;
  while (step < units.length - 1 && size / base ** step >= CARRY) step++;
  const text = threeDigits(size / base ** step, units[step]);
  return { value: bytes < 0 ? `−${text}` : text, unit: units[step] };
}

/** Bytes of one unit, as `MiB` or `GB`. @throws RangeError for what is none (a programming error) */
export function bytesOfUnit(unit: string): number {
  for (const [units, base] of [[BINARY, 1024] as const, [DECIMAL, 1000] as const]) {
    const step = (units as readonly string[]).indexOf(unit);
    if (step >= 0) return base ** step;
  }
  throw new RangeError(`no unit ${unit}`);
}

export function formatBytes(bytes: number | null, decimal = false): string {
  const { value, unit } = quantityOfBytes(bytes, decimal);
  return unit ? `${value} ${unit}` : value;
}

/** `+1.2 GiB`, `−40.0 MiB`, `0 B`: a change. */
export function formatChange(bytes: number | null, decimal = false): string {
  const text = formatBytes(bytes, decimal);
  return bytes !== null && bytes > 0 ? `+${text}` : text;
}

/** `13.2 of 15.6 GiB`: the unit once where both have the same; the part alone where the whole is unknown. */
export function formatPart(part: number, whole: number | null, decimal = false): string {
  if (whole === null) return formatBytes(part, decimal);
  const [of, all] = [quantityOfBytes(part, decimal), quantityOfBytes(whole, decimal)];
  const first = of.unit === all.unit ? of.value : `${of.value} ${of.unit}`;
  return `${first} of ${all.value} ${all.unit}`;
}

/** How a size is labelled; the predecessor wrote MB for 1024². */
export type SizeStyle = 'binary' | 'decimal' | 'seed';

const SEED = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;
const UNITS_OF: Readonly<Record<SizeStyle, readonly string[]>> = {
  binary: BINARY,
  decimal: DECIMAL,
  seed: SEED,
};

/** Bytes → two decimals and a unit, the predecessor's form. Unknown is an en dash. */
export function formatMemorySize(bytes: number | null, style: SizeStyle = 'binary'): string {
  if (bytes === null || Number.isNaN(bytes)) return '–';
  const base = style === 'decimal' ? 1000 : 1024;
  const units = UNITS_OF[style];
  let step = 0;
  while (step < units.length - 1 && Math.abs(bytes) / base ** step >= base) step++;
  return `${(bytes / base ** step).toFixed(2)} ${units[step]}`;
}

/** Seconds → `1d 2h 3m 4s`, the predecessor's form: leading zero parts are left out. Unknown is an en dash. */
export function formatDuration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return '–';
  const whole = Math.floor(Math.max(0, seconds));
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor((whole % 86_400) / 3600), 'h'],
    [Math.floor((whole % 3600) / 60), 'm'],
    [whole % 60, 's'],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(first < 0 ? 3 : first)
    .map(([amount, unit]) => `${amount}${unit}`)
    .join(' ');
}

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/;

/** `10s`, `500ms`, `2h`, `30` (seconds) → ms; `null` where it is not a duration. */
export function parseDuration(text: string): number | null {
  const match = DURATION.exec(text.trim());
  const ms = match ? Number(match[1]) * UNIT_MS[match[2] ?? 's'] : Number.NaN;
  return Number.isFinite(ms) ? ms : null;
}

const SIZE = /^(\d+(?:\.\d+)?) ?(?:([KMGTP])(i?)B?|B)?$/i;
const POWERS = 'KMGTP';

/** `2GiB`, `500MB`, `1.5T` (binary), `1048576` → bytes; `null` where it is not a size. */
export function parseBytes(text: string): number | null {
  const match = SIZE.exec(text.trim());
  if (!match) return null;
  const [whole, amount, prefix, binary] = match;
  const base = binary || !whole.toUpperCase().endsWith('B') ? 1024 : 1000;
  const power = prefix === undefined ? 0 : POWERS.indexOf(prefix.toUpperCase()) + 1;
  const bytes = Math.round(Number(amount) * base ** power);
  return Number.isSafeInteger(bytes) ? bytes : null;
}
