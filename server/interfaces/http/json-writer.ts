/** JSON as bytes, written once: a chart's tens of thousands of numbers never become texts on their way. */

const COMMA = 0x2c;
const ZERO = 0x30;
const MINUS = 0x2d;
const LEAST = 1 << 14;
/** What fits 32 bits is divided as integers. */
const HALF = 1_000_000_000;
/** More than any number takes, with its comma. */
const LONGEST = 32;
const NULL = Buffer.from('null');

export interface JsonWriter {
  /** Text that is JSON already. */
  text(json: string): void;
  /** Finite numbers between commas, `null` where there is none. @returns false at the first value that is neither */
  numbers(values: readonly unknown[]): boolean;
  /** What was written; the writer is done with. */
  finish(): Buffer;
}

/** Digits of a whole number below 2^31, so many at least. @returns where they end */
function putDigits(bytes: Buffer, at: number, value: number, least: number): number {
  let count = 1;
  for (let rest = value; rest >= 10; rest = (rest / 10) | 0) count++;
  const end = at + Math.max(count, least);
  let rest = value;
  for (let place = end - 1; place >= at; place--) {
    const tens = (rest / 10) | 0;
    bytes[place] = ZERO + (rest - tens * 10);
    rest = tens;
  }
  return end;
}

function putInteger(bytes: Buffer, start: number, value: number): number {
  let at = start;
  let size = value;
  if (value < 0) {
    bytes[at++] = MINUS;
    size = -value;
  }
  if (size < HALF) return putDigits(bytes, at, size, 1);
  const high = Math.floor(size / HALF);
  return putDigits(bytes, putDigits(bytes, at, high, 1), size - high * HALF, 9);
}

export function openJsonWriter(): JsonWriter {
  let bytes = Buffer.allocUnsafeSlow(LEAST);
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

  /** @returns whether there was something to write */
  function put(value: unknown): boolean {
    if (value === null) end += NULL.copy(bytes, end);
    else if (Number.isSafeInteger(value)) end = putInteger(bytes, end, value as number);
    else if (Number.isFinite(value)) end += bytes.write(String(value), end);
    else return false;
    return true;
  }

  return {
    text(json) {
      pending += json;
    },
    numbers(values) {
      flush();
      return values.every((value, at) => {
        makeRoom(LONGEST);
        if (at > 0) bytes[end++] = COMMA;
        return put(value);
      });
    },
    finish() {
      flush();
      return bytes.subarray(0, end);
    },
  };
}
