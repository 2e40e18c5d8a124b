import fc from 'fast-check';

const codePoint = fc.oneof(fc.nat(0x7f), fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }));

/** Any well-formed text, controls included, half of it ASCII. fast-check's own is a hundred times slower to set up. */
export const anyText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.nat(0x7f), codePoint), { maxLength: 10 })
  .map((codes) => String.fromCodePoint(...codes));
