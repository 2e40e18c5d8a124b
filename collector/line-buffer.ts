/** Bytes that grow at their end. What was written before stays valid until `clear`. */
export interface LineBuffer {
  readonly length: number;
  clear(): void;
  /** Text in UTF-8. */
  putText(text: string): void;
  /** One ASCII byte. */
  putByte(byte: number): void;
  /** The digits of a whole number from 0. */
  putDigits(value: number): void;
  /** Bytes of another one. */
  putFrom(other: LineBuffer, start: number, end: number): void;
  /** What has been written; not a copy. */
  view(): Buffer;
}

const FIRST_CAPACITY = 64 * 1024;
/** UTF-16 → UTF-8. */
const MOST_BYTES_A_UNIT = 3;
const MOST_DIGITS = 17;
const ZERO = 0x30;
/** Below it, arithmetic on small integers is enough. */
const SMALL = 2 ** 31;

export function openLineBuffer(): LineBuffer {
  let bytes = Buffer.allocUnsafeSlow(FIRST_CAPACITY);
  let length = 0;

  function reserve(more: number): void {
    if (length + more <= bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(bytes.length * 2, length + more));
    bytes.copy(larger, 0, 0, length);
    bytes = larger;
  }

  function putSmall(value: number): void {
    let end = length + 1;
    for (let rest = value; rest > 9; rest = (rest / 10) | 0) end++;
    length = end;
    for (let rest = value; end-- > 0; ) {
      const tens = (rest / 10) | 0;
      bytes[end] = ZERO + rest - tens * 10;
      if (tens === 0) return;
      rest = tens;
    }
  }

  return {
    get length() {
      return length;
    },
    clear() {
      length = 0;
    },
    putText(text) {
      reserve(text.length * MOST_BYTES_A_UNIT);
      length += bytes.write(text, length);
    },
    putByte(byte) {
      reserve(1);
      bytes[length++] = byte;
    },
    putDigits(value) {
      reserve(MOST_DIGITS);
      if (value < SMALL) putSmall(value);
      else length += bytes.write(String(value), length, 'latin1');
    },
    putFrom(other, start, end) {
      reserve(end - start);
      other.view().copy(bytes, length, start, end);
      length += end - start;
    },
    view: () => bytes.subarray(0, length),
  };
}
