/** JSON as bytes, written once: a chart's tens of thousands of numbers never become texts on their way. */

const COMMA = 0x2c;
const POINT = 0x2e;
const ZERO = 0x30;
const MINUS = 0x2d;
const LEAST = 1 << 14;
/** More than any number takes, with its comma. */
const LONGEST = 25;
const NULL = Buffer.from('null');

export interface JsonWriter {
  /** Text that is JSON already. */
  text(json: string): void;
  /** Finite numbers between commas, `null` where there is none. @returns false at the first value that is neither */
  numbers(values: readonly unknown[]): boolean;
  /** As `numbers`, with `NaN` where there is none. */
  column(values: Float64Array): boolean;
  /** What was written; the writer is done with. */
  finish(): Buffer;
}

const UNITS = [1000, 100, 10, 1] as const;
/** The digits of 0 … 9999, four of each. */
const DIGITS = new Uint8Array(40_000);
for (let at = 0; at < DIGITS.length; at++) DIGITS[at] = ZERO + (Math.floor((at >> 2) / UNITS[at & 3]) % 10);

/** Four digits. @returns where they end */
function putFour(bytes: Buffer, at: number, value: number): number {
  const place = 4 * value;
  bytes[at] = DIGITS[place];
  bytes[at + 1] = DIGITS[place + 1];
  bytes[at + 2] = DIGITS[place + 2];
  bytes[at + 3] = DIGITS[place + 3];
  return at + 4;
}

/** As many digits as 0 … 9999 has. */
function putShort(bytes: Buffer, start: number, value: number): number {
  const place = 4 * value;
  let at = start;
  if (value >= 1000) bytes[at++] = DIGITS[place];
  if (value >= 100) bytes[at++] = DIGITS[place + 1];
  if (value >= 10) bytes[at++] = DIGITS[place + 2];
  bytes[at++] = DIGITS[place + 3];
  return at;
}

/** A whole number, not below 0: four digits at a time, and of 32 bits as soon as it fits them, as those divide quickly. */
function putWhole(bytes: Buffer, at: number, value: number): number {
  if (value < 10_000) return putShort(bytes, at, value);
  if (value < 100_000_000) {
    const high = ((value | 0) / 10_000) | 0;
    return putFour(bytes, putShort(bytes, at, high), value - high * 10_000);
  }
  const high = Math.floor(value / 100_000_000);
  const low = (value - high * 100_000_000) | 0;
  const middle = (low / 10_000) | 0;
  return putFour(bytes, putFour(bytes, putWhole(bytes, at, high), middle), low - middle * 10_000);
}

/** Two decimals at most: `value` is of hundredths, and not whole. */
function putHundredths(bytes: Buffer, start: number, value: number): number {
  const whole = Math.floor(value / 100);
  let at = putWhole(bytes, start, whole);
  const place = 4 * (value - whole * 100);
  bytes[at++] = POINT;
  bytes[at++] = DIGITS[place + 2];
  if (DIGITS[place + 3] !== ZERO) bytes[at++] = DIGITS[place + 3];
  return at;
}

function putNumber(bytes: Buffer, start: number, value: number): number {
  let at = start;
  const size = Math.abs(value);
  if (value < 0) bytes[at++] = MINUS;
  if (Number.isSafeInteger(value)) return putWhole(bytes, at, size);
  // What the kernel tells with two decimals: no other number of 15 digits or fewer is the same double.
  const hundredths = Math.round(size * 100);
  if (hundredths < 1e15 && hundredths / 100 === size) return putHundredths(bytes, at, hundredths);
  return at + bytes.write(String(size), at);
}

function putNull(bytes: Buffer, at: number): number {
  for (let place = 0; place < NULL.length; place++) bytes[at + place] = NULL[place];
  return at + NULL.length;
}

/** A finite number or `null`. @returns where it ends; −1 for what is neither */
function putValue(bytes: Buffer, at: number, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return putNumber(bytes, at, value);
  return value === null ? putNull(bytes, at) : -1;
}

// Two of them, as machine code that reads lists and columns alike reads both slowly.

function putNumbers(bytes: Buffer, start: number, values: readonly unknown[]): number {
  let end = start;
  for (let at = 0; at < values.length && end >= 0; at++) {
    if (at > 0) bytes[end++] = COMMA;
    end = putValue(bytes, end, values[at]);
  }
  return end;
}

/** How often the value is there from a place on. */
function countSame(values: Float64Array, from: number): number {
  const value = values[from];
  let at = from + 1;
  if (Number.isNaN(value)) while (at < values.length && Number.isNaN(values[at])) at++;
  else while (at < values.length && values[at] === value) at++;
  return at - from;
}

/** What is written from `start` to `end`, so many times in all. @returns where it ends */
function repeat(bytes: Buffer, start: number, end: number, times: number): number {
  const last = start + (end - start) * times;
  for (let filled = end; filled < last; filled += filled - start)
    bytes.copyWithin(filled, start, Math.min(filled, start + last - filled));
  return last;
}

/** Much of what a chart draws does not change from point to point, or is unknown along all of it. */
function putColumn(bytes: Buffer, start: number, values: Float64Array): number {
  let end = start;
  for (let at = 0; at < values.length; ) {
    const first = end;
    end = Number.isNaN(values[at]) ? putNull(bytes, end) : putValue(bytes, end, values[at]);
    if (end < 0) return end;
    bytes[end++] = COMMA;
    const same = countSame(values, at);
    end = repeat(bytes, first, end, same);
    at += same;
  }
  return values.length > 0 ? end - 1 : end;
}

/** @param room for so many bytes; it grows where they are more */
export function openJsonWriter(room: number): JsonWriter {
  let bytes = Buffer.allocUnsafeSlow(Math.max(LEAST, room));
  let end = 0;
  /** Texts are gathered: one long one is written sooner than many short ones. */
  let pending = '';

  function makeRoom(more: number): void {
    if (end + more <= bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * bytes.length, end + more));
    bytes.copy(grown, 0, 0, end);
    bytes = grown;
  }

  function flush(): void {
    // No character of a JavaScript string takes more than three bytes.
    makeRoom(3 * pending.length);
    end += bytes.write(pending, end);
    pending = '';
  }

  return {
    text(json) {
      pending += json;
    },
    numbers(values) {
      flush();
      makeRoom(LONGEST * values.length);
      end = putNumbers(bytes, end, values);
      return end >= 0;
    },
    column(values) {
      flush();
      makeRoom(LONGEST * values.length);
      end = putColumn(bytes, end, values);
      return end >= 0;
    },
    finish() {
      flush();
      return bytes.subarray(0, end);
    },
  };
}
