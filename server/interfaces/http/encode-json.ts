import type { FastifySerializerCompiler } from 'fastify';
import { z } from 'zod';
import type { JsonWriter } from './json-writer.ts';
import { openJsonWriter } from './json-writer.ts';

/**
 * Answers as JSON by their schemas: checked and written in one pass, where zod checks and copies, and JSON.stringify
 * walks the copy. Fields come in the order of the schema; those that it does not name are left out.
 */

/** Writes a value. @throws TypeError where it is not of its schema */
type Encode = (value: unknown, to: JsonWriter) => void;

function refuse(wanted: string, value: unknown): never {
  throw new TypeError(`the answer has ${typeof value} where its schema has ${wanted}`);
}

const encodeString: Encode = (value, to) =>
  typeof value === 'string' ? to.text(JSON.stringify(value)) : refuse('string', value);

const encodeNumber: Encode = (value, to) =>
  Number.isFinite(value) ? to.text(String(value)) : refuse('number', value);

const encodeBoolean: Encode = (value, to) =>
  typeof value === 'boolean' ? to.text(String(value)) : refuse('boolean', value);

const encodeNull: Encode = (value, to) => (value === null ? to.text('null') : refuse('null', value));

const encodeUnknown: Encode = (value, to) => to.text(JSON.stringify(value) ?? 'null');

function encodeEnum(options: readonly unknown[]): Encode {
  return (value, to) =>
    options.includes(value) ? to.text(JSON.stringify(value)) : refuse('one of a list', value);
}

function encodeNullable(encode: Encode): Encode {
  return (value, to) => (value === null ? to.text('null') : encode(value, to));
}

function encodeArray(encode: Encode): Encode {
  return (value, to) => {
    if (!Array.isArray(value)) refuse('array', value);
    value.forEach((item, at) => {
      to.text(at === 0 ? '[' : ',');
      encode(item, to);
    });
    to.text(value.length === 0 ? '[]' : ']');
  };
}

/** @returns false where it holds what it may not */
function writeSeries(value: unknown, hasGaps: boolean, to: JsonWriter): boolean {
  if (value instanceof Float64Array) return to.column(value) && (hasGaps || !value.includes(Number.NaN));
  if (!Array.isArray(value)) refuse('array', value);
  return to.numbers(value) && (hasGaps || !value.includes(null));
}

/** Numbers, with gaps or without: what charts are made of. */
function encodeSeries(hasGaps: boolean): Encode {
  return (value, to) => {
    to.text('[');
    if (!writeSeries(value, hasGaps, to)) refuse('finite numbers', value);
    to.text(']');
  };
}

interface Field {
  readonly name: string;
  /** The name as JSON, with its colon. */
  readonly key: string;
  readonly isOptional: boolean;
  readonly encode: Encode;
}

function fieldOf([name, schema]: [string, z.core.$ZodType]): Field {
  const isOptional = schema instanceof z.ZodOptional;
  const encode = encoderOf(isOptional ? schema.unwrap() : schema);
  return { name, key: `${JSON.stringify(name)}:`, isOptional, encode };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Optional fields that are not there are left out. */
function encodeObject(shape: Readonly<Record<string, z.core.$ZodType>>): Encode {
  const fields = Object.entries(shape).map(fieldOf);
  return (value, to) => {
    if (!isObject(value)) refuse('object', value);
    let before = '{';
    for (const { name, key, isOptional, encode } of fields) {
      const item: unknown = Reflect.get(value, name);
      if (isOptional && item === undefined) continue;
      to.text(before + key);
      encode(item, to);
      before = ',';
    }
    to.text(before === '{' ? '{}' : '}');
  };
}

/** Values under names that nobody knows beforehand. */
function encodeRecord(encodeOf: (name: string) => Encode): Encode {
  return (value, to) => {
    if (!isObject(value)) refuse('object', value);
    let before = '{';
    for (const [name, item] of Object.entries(value)) {
      to.text(`${before}${JSON.stringify(name)}:`);
      encodeOf(name)(item, to);
      before = ',';
    }
    to.text(before === '{' ? '{}' : '}');
  };
}

/** Fields that are known, and others under names that nobody knows beforehand. */
function encodeOpenObject({ shape }: z.ZodObject, other: Encode): Encode {
  const known = new Map(Object.entries(shape).map(([name, schema]) => [name, encoderOf(schema)]));
  const encode = encodeRecord((name) => known.get(name) ?? other);
  return (value, to) => {
    for (const name of known.keys()) if (!isObject(value) || !(name in value)) refuse(name, undefined);
    encode(value, to);
  };
}

function encodeShape(schema: z.ZodObject): Encode {
  const { catchall } = schema.def;
  const isClosed = catchall === undefined || catchall instanceof z.ZodNever;
  return isClosed ? encodeObject(schema.shape) : encodeOpenObject(schema, encoderOf(catchall));
}

function arrayOf({ element }: z.ZodArray): Encode {
  const hasGaps = element instanceof z.ZodNullable;
  const item = hasGaps ? element.unwrap() : element;
  return item instanceof z.ZodNumber ? encodeSeries(hasGaps) : encodeArray(encoderOf(element));
}

/** What holds nothing else. */
function plainEncoderOf(schema: z.core.$ZodType): Encode {
  if (schema instanceof z.ZodEnum) return encodeEnum(schema.options);
  if (schema instanceof z.ZodLiteral) return encodeEnum([...schema.values]);
  if (schema instanceof z.ZodString) return encodeString;
  if (schema instanceof z.ZodNumber) return encodeNumber;
  if (schema instanceof z.ZodBoolean) return encodeBoolean;
  if (schema instanceof z.ZodNull) return encodeNull;
  if (schema instanceof z.ZodUnknown) return encodeUnknown;
  throw new TypeError(`answers cannot hold ${schema._zod.def.type}`);
}

function encoderOf(schema: z.core.$ZodType): Encode {
  if (schema instanceof z.ZodObject) return encodeShape(schema);
  if (schema instanceof z.ZodArray) return arrayOf(schema);
  if (schema instanceof z.ZodRecord) {
    const encode = encoderOf(schema.valueType);
    return encodeRecord(() => encode);
  }
  if (schema instanceof z.ZodNullable) return encodeNullable(encoderOf(schema.unwrap()));
  return plainEncoderOf(schema);
}

/** @throws TypeError for a schema that answers do not use */
function openEncoder(schema: z.core.$ZodType): (answer: unknown) => Buffer {
  const encode = encoderOf(schema);
  let before = 0;
  return (answer) => {
    // Answers of one route are much alike, and growing copies all that is there.
    const writer = openJsonWriter(before);
    encode(answer, writer);
    const bytes = writer.finish();
    before = Math.round(1.1 * bytes.length);
    return bytes;
  };
}

/** Fastify's types know texts only; it sends bytes as they are. */
export const answerCompiler: FastifySerializerCompiler<z.core.$ZodType> = ({ schema }) =>
  openEncoder(schema) as unknown as (answer: unknown) => string;
