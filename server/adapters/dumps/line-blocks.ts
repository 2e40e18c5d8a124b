import { lineEnd, NEWLINE } from './cells.ts';

/** Takes in bytes as they come and hands on blocks of whole lines; no more than one line is ever held back. */
export interface LineBlocks {
  push(bytes: Buffer): void;
  /** @returns what stands after the last newline */
  end(): Buffer;
}

export interface LineSink {
  /** Whole lines, the last `\n` included. Valid only during the call. */
  takeBlock(block: Buffer): void;
  /** A line that was longer than the cap is over; nothing of it was kept. */
  takeLongLine(): void;
}

const NOTHING = Buffer.alloc(0);

export function openLineBlocks(lineBytes: number, sink: LineSink): LineBlocks {
  let held: Buffer = NOTHING;
  let skipping = false;

  function hold(rest: Buffer): void {
    // The next byte may make a carriage return part of the line's end.
    skipping = lineEnd(rest, 0, rest.length) > lineBytes;
    held = skipping || rest.length === 0 ? NOTHING : Buffer.from(rest);
  }

  /** @returns what follows the newline that ends the long line; `null`: it goes on */
  function skipLongLine(bytes: Buffer): Buffer | null {
    const newline = bytes.indexOf(NEWLINE);
    if (newline < 0) return null;
    skipping = false;
    sink.takeLongLine();
    return bytes.subarray(newline + 1);
  }

  return {
    push(bytes) {
      const fresh = skipping ? skipLongLine(bytes) : bytes;
      if (fresh === null) return;
      const all = held.length > 0 ? Buffer.concat([held, fresh]) : fresh;
      const end = all.lastIndexOf(NEWLINE) + 1;
      if (end > 0) sink.takeBlock(all.subarray(0, end));
      hold(all.subarray(end));
    },
    end() {
      if (skipping) sink.takeLongLine();
      return held;
    },
  };
}
