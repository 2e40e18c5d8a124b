import { readFileSync, statSync } from 'node:fs';
import { textOf } from './process-texts.ts';

/** The passwd database: uid → name. */
export interface UserNames {
  /** Reads the file again if it has changed. Call it once a sample. */
  refresh(): void;
  /** The name in dump notation, or the number where the file has none. */
  nameOf(uid: number): string;
}

const COLON = 0x3a;
const NEWLINE = 0x0a;
const UID = /^\d{1,10}$/;

function parseLine(line: Buffer): readonly [number, string] | null {
  const nameEnd = line.indexOf(COLON);
  const uidStart = line.indexOf(COLON, nameEnd + 1) + 1;
  const uidEnd = line.indexOf(COLON, uidStart);
  if (nameEnd <= 0 || uidStart === 0 || uidEnd < 0) return null;
  const uid = line.toString('latin1', uidStart, uidEnd);
  return UID.test(uid) ? [Number(uid), textOf(line, 0, nameEnd)] : null;
}

/** passwd(5): `name:password:uid:…`. The first entry of a uid names it, as getpwuid(3) does. */
export function parsePasswd(bytes: Buffer): Map<number, string> {
  const names = new Map<number, string>();
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline < 0 ? bytes.length : newline;
    const entry = parseLine(bytes.subarray(at, end));
    if (entry && !names.has(entry[0])) names.set(entry[0], entry[1]);
    at = end + 1;
  }
  return names;
}

function changeMark(path: string): string {
  const { ino, size, mtimeMs } = statSync(path);
  return `${ino} ${size} ${mtimeMs}`;
}

/** A file that cannot be read names nobody. */
export function openUserNames(path: string): UserNames {
  let names = new Map<number, string>();
  let mark = '';
  return {
    refresh() {
      try {
        const current = changeMark(path);
        if (current === mark) return;
        names = parsePasswd(readFileSync(path));
        mark = current;
      } catch {
        names = new Map();
        mark = '';
      }
    },
    nameOf(uid) {
      const known = names.get(uid);
      if (known !== undefined) return known;
      const number = String(uid);
      names.set(uid, number);
      return number;
    },
  };
}
