import type { SegmentManifest } from './segment.ts';

/** SQL of the keys of lives in a segment's lives file, and of what they are made of (see domain/process-key.ts). */
export interface KeyParts {
  /** A column that begins with the head. */
  readonly key: string;
  readonly head: string;
  /** Start ticks, or the epoch ms in which a weak life began. */
  readonly tail: string;
}

function tailOf(weakStart: string): string {
  return `CASE WHEN weak THEN ${weakStart} ELSE start_ticks END`;
}

/** Until version 3 a key is a text, which alone says when a weak life began: in base 36. */
const WEAK_START = `list_reduce(list_transform(string_split(split_part(key, '-', 3), ''),
  lambda digit: (strpos('0123456789abcdefghijklmnopqrstuvwxyz', digit) - 1)::DOUBLE),
  lambda sum, digit: sum * 36 + digit)`;

const TEXTS: KeyParts = { key: 'key', head: "split_part(key, '-', 1)", tail: tailOf(WEAK_START) };
const PARTS: KeyParts = { key: 'key_prefix', head: 'key_prefix', tail: tailOf('started') };

export function hasTextKeys({ version }: SegmentManifest): boolean {
  return version < 4;
}

export function keyPartsOf(manifest: SegmentManifest): KeyParts {
  return hasTextKeys(manifest) ? TEXTS : PARTS;
}

/** SQL of a life's key as the API gives it. */
export function keySql(manifest: SegmentManifest): string {
  const tail = 'CASE WHEN weak THEN lower(to_base(started, 36)) ELSE start_ticks::BIGINT::VARCHAR END';
  return hasTextKeys(manifest) ? 'key' : `concat_ws('-', key_prefix, pid, ${tail})`;
}
