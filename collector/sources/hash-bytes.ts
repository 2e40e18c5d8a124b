const PRIME_A = 2_654_435_761;
const PRIME_B = 1_597_334_677;

/**
 * A number that tells whether bytes have changed: two different texts share it once in 2⁵³. It spares decoding
 * a text again, and remembering its bytes. (cyrb53, public domain.)
 */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let a = 0xdeadbeef ^ (end - start);
  let b = 0x41c6ce57;
  for (let at = start; at < end; at++) {
    const byte = bytes[at];
    a = Math.imul(a ^ byte, PRIME_A);
    b = Math.imul(b ^ byte, PRIME_B);
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909);
  return (b & 0x1fffff) * 0x100000000 + (a >>> 0);
}
