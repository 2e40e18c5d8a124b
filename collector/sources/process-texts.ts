import { escapeBytes, plainRunEnd } from '../../server/domain/text-notation.ts';

/** The texts of a process, as bytes from the kernel → dump notation. All of them are chosen by processes. */

const NUL = 0;
const SPACE = 0x20;
const NEWLINE = 0x0a;
const COLON = 0x3a;
const SLASH = 0x2f;

/** `bytes[start … end)` in dump notation. Almost all names are plain ASCII: those cost one copy. */
export function textOf(bytes: Buffer, start: number, end: number): string {
  const plain = plainRunEnd(bytes, start, end) === end;
  return plain ? bytes.toString('latin1', start, end) : escapeBytes(bytes, start, end);
}

/**
 * /proc/PID/cmdline → the arguments joined by one space, NULs at the end dropped; '' for a kernel thread or a
 * zombie. A process that has written its own title has no NULs between the words: the title stands as it is.
 * The buffer is changed.
 */
export function parseCommandLine(bytes: Buffer, length: number): string {
  let end = length;
  while (end > 0 && bytes[end - 1] === NUL) end--;
  for (let at = 0; at < end; at++) if (bytes[at] === NUL) bytes[at] = SPACE;
  return textOf(bytes, 0, end);
}

interface CgroupLine {
  readonly controllers: string;
  readonly pathStart: number;
}

/** `4:memory:/path`: hierarchy, controllers (none in the unified one), path. */
function parseCgroupLine(bytes: Buffer, start: number, end: number): CgroupLine | null {
  const first = bytes.indexOf(COLON, start);
  const second = bytes.indexOf(COLON, first + 1);
  if (first < 0 || second < 0 || second + 1 >= end || bytes[second + 1] !== SLASH) return null;
  return { controllers: bytes.toString('latin1', first + 1, second), pathStart: second + 1 };
}

function endOfLine(bytes: Buffer, start: number, length: number): number {
  const newline = bytes.indexOf(NEWLINE, start);
  return newline < 0 || newline > length ? length : newline;
}

/**
 * /proc/PID/cgroup → the control group's path: of the unified hierarchy (`0::/path`), or of version 1's memory
 * controller (`4:memory:/path`) where there is none, or where the unified one is a mere root beside it.
 * `null` where neither is there.
 */
export function parseCgroup(bytes: Buffer, length: number): string | null {
  let unified: string | null = null;
  let memory: string | null = null;
  for (let at = 0; at < length; ) {
    const end = endOfLine(bytes, at, length);
    const line = parseCgroupLine(bytes, at, end);
    if (line?.controllers === '') unified = textOf(bytes, line.pathStart, end);
    else if (line?.controllers.split(',').includes('memory')) memory = textOf(bytes, line.pathStart, end);
    at = end + 1;
  }
  return unified === null || unified === '/' ? (memory ?? unified) : unified;
}
