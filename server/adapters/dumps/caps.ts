/** How much of an untrusted file is taken in. Dumps of real hosts stay far below. */
export interface Caps {
  /** Largest file on disk. */
  readonly fileBytes: number;
  /** Longest line; a longer one is one reject. */
  readonly lineBytes: number;
  /** Most columns of a header. */
  readonly columns: number;
  /** Most bytes that a compressed file may become. */
  readonly inflatedBytes: number;
  /** Most bytes out per byte in; dumps compress about tenfold. */
  readonly inflateRatio: number;
  /** Most memory that the rows of one file may take, about. */
  readonly tableBytes: number;
  /** Rejected lines of one file that are told one by one; the others are counted. */
  readonly rejects: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_CAPS: Caps = {
  fileBytes: 2048 * MIB,
  lineBytes: MIB,
  columns: 256,
  inflatedBytes: 2048 * MIB,
  inflateRatio: 200,
  tableBytes: 256 * MIB,
  rejects: 1000,
};

/** A size as messages tell it. */
export function sizeText(bytes: number): string {
  return bytes >= MIB ? `${Math.floor(bytes / MIB)} MiB` : `${bytes} bytes`;
}
