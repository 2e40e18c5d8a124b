import { join } from 'node:path';
import type { SegmentKind, SegmentManifest } from './segment.ts';

/** Where the files of a segment are: docs/segments.md. */

export type SegmentName = Pick<SegmentManifest, 'id' | 'host' | 'date'>;

export const SEGMENT_ID = /^\d{9}-\d{9}-[0-9a-f]{8}$/;
export const SEGMENT_DATE = /^\d{4}-\d{2}-\d{2}$/;

const ORDINARY = /[A-Za-z0-9_.-]/;
/** File systems allow 255 bytes in a name; a host that is longer is told apart by a hash. */
const LONGEST_HOST = 200;

/** FNV-1a, 32 bits. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** Percent-encoded, all but letters, digits, `_`, `.` and `-`: no name is a path, a glob or a quote. */
export function encodeHost(host: string): string {
  const encoded = Array.from(Buffer.from(host), (byte) => {
    const character = String.fromCharCode(byte);
    return ORDINARY.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
  return encoded.length <= LONGEST_HOST ? encoded : `${encoded.slice(0, LONGEST_HOST)}~${hashOf(encoded)}`;
}

/** The folder of one kind of file of one host and day, relative to the index. */
export function dayFolder(kind: SegmentKind | 'manifest' | 'sources', host: string, date: string): string {
  return join(kind, `host=${encodeHost(host)}`, `date=${date}`);
}

export function manifestPath(index: string, { id, host, date }: SegmentName): string {
  return join(index, dayFolder('manifest', host, date), `${id}.json`);
}

export function sourcesPath(index: string, { id, host, date }: SegmentName): string {
  return join(index, dayFolder('sources', host, date), `${id}.json.gz`);
}
