import { lineEnd, NEWLINE } from './cells.ts';

/** Bytes that come in pieces, to be handed on as blocks of whole lines; no more than one line is ever held back. */
export interface LineBlocks {
  readonly lineBytes: number;
  held: Buffer;
  skipping: boolean;
}

/** Where lines go. With each call comes what they belong to: one sink serves all files, and stays compiled. */
export interface LineSink<Owner> {
  /** Whole lines, the last `\n` included. Valid only during the call. */
  takeBlock(owner: Owner, block: Buffer): void;
  /** A line that was longer than the cap is over; nothing of it was kept. */
  takeLongLine(owner: Owner): void;
}

const NOTHING = Buffer.alloc(0);

export function openLineBlocks(lineBytes: number): LineBlocks {
  return { lineBytes, held: NOTHING, skipping: false };
}

function hold(blocks: LineBlocks, rest: Buffer): void {
  // The next byte may make a carriage return part of the line's end.
  blocks.skipping = lineEnd(rest, 0, rest.length) > blocks.lineBytes;
  blocks.held = blocks.skipping || rest.length === 0 ? NOTHING : Buffer.from(rest);
}

/** @returns what follows the newline that ends the long line; `null`: it goes on */
function skipLongLine<Owner>(
  blocks: LineBlocks,
  bytes: Buffer,
  sink: LineSink<Owner>,
  owner: Owner,
): Buffer | null {
  const newline = bytes.indexOf(NEWLINE);
  if (newline < 0) return null;
  blocks.skipping = false;
  sink.takeLongLine(owner);
  return bytes.subarray(newline + 1);
}

/** Hands on the lines that these bytes end. */
export function pushLines<Owner>(
  blocks: LineBlocks,
  bytes: Buffer,
  sink: LineSink<Owner>,
  owner: Owner,
): void {
  const fresh = blocks.skipping ? skipLongLine(blocks, bytes, sink, owner) : bytes;
  if (fresh === null) return;
  const all = blocks.held.length > 0 ? Buffer.concat([blocks.held, fresh]) : fresh;
  const end = all.lastIndexOf(NEWLINE) + 1;
  if (end > 0) sink.takeBlock(owner, all.subarray(0, end));
  hold(blocks, all.subarray(end));
}

/** @returns what stands after the last newline */
export function endLines<Owner>({ skipping, held }: LineBlocks, sink: LineSink<Owner>, owner: Owner): Buffer {
  if (skipping) sink.takeLongLine(owner);
  return held;
}
