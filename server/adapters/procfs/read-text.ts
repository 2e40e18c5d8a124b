import { readFileSync } from 'node:fs';

/** A small file of /proc or /sys, one character a byte; `null` where it cannot be read. Paths are bytes. */
export function readText(path: string | Buffer): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}

/** A path and a name below it, both of any bytes. */
export function below(path: Buffer, name: string | Buffer): Buffer {
  return Buffer.concat([path, Buffer.from('/'), typeof name === 'string' ? Buffer.from(name) : name]);
}
