import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { answerCompiler } from '../../../../server/interfaces/http/encode-json.ts';

function encode(schema: z.ZodType, answer: unknown): string {
  return String(answerCompiler({ schema, method: 'GET', url: '/' })(answer));
}

const numbers = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.maxSafeInteger(),
  fc.integer({ min: -20_000, max: 20_000 }),
  fc.maxSafeInteger().map((one) => one / 100),
  fc.integer({ min: -20_000, max: 20_000 }).map((one) => one / 100),
  fc.constantFrom(0, -0, 9, 10, 999_999_999, 1_000_000_000, -1_000_000_001, 2 ** 31, 2 ** 53, 1e21, 5e-324),
);

const answer = z.object({
  text: z.string(),
  known: z.boolean(),
  kind: z.enum(['raw', 'm4']),
  nothing: z.null(),
  events: z.array(z.unknown()),
  t: z.array(z.number()),
  series: z.array(z.number().nullable()),
  rows: z.array(z.object({ pid: z.number(), cmd: z.string().nullable() })),
  empty: z.object({}),
  maybe: z.object({ first: z.number().optional(), last: z.string().optional() }),
  used_is: z.literal('total − available'),
  by_key: z.record(z.string(), z.object({ bytes: z.array(z.number().nullable()) })),
});

const answers = fc.record({
  text: fc.string({ unit: 'binary' }),
  known: fc.boolean(),
  kind: fc.constantFrom('raw', 'm4'),
  nothing: fc.constant(null),
  events: fc.array(fc.jsonValue()),
  t: fc.array(numbers),
  series: fc.array(fc.option(numbers)),
  rows: fc.array(fc.record({ cmd: fc.option(fc.string({ unit: 'grapheme' })), pid: numbers })),
  empty: fc.constant({}),
  maybe: fc.record({ first: numbers, last: fc.string() }, { requiredKeys: [] }),
  used_is: fc.constant('total − available'),
  // zod leaves `__proto__` out; no key of a process is that.
  by_key: fc.dictionary(
    fc.string().filter((key) => key !== '__proto__'),
    fc.record({ bytes: fc.array(fc.option(numbers)) }),
  ),
  unnamed: fc.constant('is left out'),
});

describe('answers as JSON', () => {
  test('are the bytes that zod and JSON.stringify would give', () => {
    fc.assert(
      fc.property(answers, (one) => {
        expect(encode(answer, one)).toBe(Buffer.from(JSON.stringify(answer.parse(one))).toString());
      }),
    );
  });

  test('have each number of up to four digits, and each hundredth below a hundred', () => {
    const series = Array.from({ length: 10_000 }, (_, at) => [at, at / 100, -at / 100, at * 1e4, at * 1e8]);
    expect(encode(z.array(z.number()), series.flat())).toBe(JSON.stringify(series.flat()));
  });

  test('tell columns as lists, with null for what is unknown', () => {
    const column = Float64Array.of(1.5, Number.NaN, 2 ** 40);
    expect(encode(z.array(z.number().nullable()), column)).toBe('[1.5,null,1099511627776]');
    expect(encode(z.array(z.number()), Float64Array.of())).toBe('[]');
  });

  test('tell columns in which values are repeated as lists', () => {
    const run = fc.tuple(fc.option(numbers), fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(500)));
    fc.assert(
      fc.property(fc.array(run), (runs) => {
        const list = runs.flatMap(([value, times]) => Array.from({ length: times }, () => value));
        const column = Float64Array.from(list, (value) => value ?? Number.NaN);
        expect(encode(z.array(z.number().nullable()), column)).toBe(JSON.stringify(list));
      }),
    );
  });

  test('grow as far as they must', () => {
    const series = Array.from({ length: 50_000 }, (_, at) => (at % 7 === 0 ? null : at * 1e9));
    expect(encode(z.array(z.number().nullable()), series)).toBe(JSON.stringify(series));
  });

  test.each<[string, z.ZodType, unknown]>([
    ['a text for a number', z.object({ pid: z.number() }), { pid: '1' }],
    ['what is missing', z.object({ pid: z.number() }), {}],
    ['NaN', z.number(), Number.NaN],
    ['NaN in a series', z.array(z.number().nullable()), [1, Number.NaN]],
    ['a gap where there may be none', z.array(z.number()), [1, null]],
    ['what is unknown where nothing may be', z.array(z.number()), Float64Array.of(1, Number.NaN)],
    ['what is infinite in a column', z.array(z.number().nullable()), Float64Array.of(1, -1 / 0)],
    ['another column', z.array(z.number()), Int32Array.of(1)],
    ['null for a text', z.string(), null],
    ['a text that is not of the list', z.enum(['raw']), 'm4'],
    ['a text for a list', z.array(z.string()), 'abc'],
    ['a number for a flag', z.boolean(), 1],
    ['something for null', z.null(), 0],
    ['null for an object', z.object({}), null],
    ['a list for an object', z.record(z.string(), z.number()), [1]],
    ['null for what may be left out', z.object({ to: z.number().optional() }), { to: null }],
    ['another text than the one', z.literal('a'), 'b'],
  ])('refuse %s', (_, schema, bad) => {
    expect(() => encode(schema, bad)).toThrow(TypeError);
  });

  test('refuse a schema that no answer has', () => {
    expect(() => encode(z.date(), new Date())).toThrow('answers cannot hold date');
  });
});

describe('an answer with fields under any name', () => {
  const schema = z.object({ at: z.string() }).catchall(z.object({ bytes: z.number() }));

  test('has those that it names, and the others by the schema of others', () => {
    const answer = { web: { bytes: 1, more: 2 }, at: 'now', 'a "b"': { bytes: 3 } };
    expect(JSON.parse(encode(schema, answer))).toEqual({
      web: { bytes: 1 },
      at: 'now',
      'a "b"': { bytes: 3 },
    });
  });

  test.each([{ web: { bytes: 1 } }, { at: 1 }, { at: 'now', web: 'much' }])('refuses %j', (answer) => {
    expect(() => encode(schema, answer)).toThrow(TypeError);
  });

  test('a strict one has only those that it names', () => {
    expect(encode(z.strictObject({ at: z.string() }), { at: 'now', web: 1 })).toBe('{"at":"now"}');
  });
});
