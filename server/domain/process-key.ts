/**
 * One life of a process: (boot id, pid, start ticks). A pid is reused, a key is not.
 * Keys are opaque and URL-safe; they are made from what is recorded, so they outlive a restart of the server.
 */

/** 53 bits of hash (cyrb53, public domain): enough to tell the boots that one folder can hold. */
function hash53(text: string): number {
  let h1 = 0xdeadbeef;
  let h2 = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    h1 = Math.imul(h1 ^ code, 2654435761);
    h2 = Math.imul(h2 ^ code, 1597334677);
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2246822507) ^ Math.imul(h2 ^ (h2 >>> 13), 3266489909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2246822507) ^ Math.imul(h1 ^ (h1 >>> 13), 3266489909);
  return 4294967296 * (2097151 & h2) + (h1 >>> 0);
}

/** What all keys of one boot begin with; hashed once a sample, not once a process. */
export function bootPrefix(host: string, bootId: string | null): string {
  return `s${hash53(`${host}\n${bootId ?? ''}`).toString(36)}`;
}

/** The key of a life whose start is known. `prefix`: of `bootPrefix`. */
export function strongKey(prefix: string, pid: number, startTicks: number): string {
  return `${prefix}-${pid}-${startTicks}`;
}

/** The key of a life that is told only by pid and the sample in which it began. */
export function weakKey(host: string, pid: number, firstSeen: number): string {
  return `w${hash53(host).toString(36)}-${pid}-${firstSeen.toString(36)}`;
}

/** First word of a command: what an exec changes and a new title mostly does not. */
export function firstWord(cmd: string | null): string {
  const text = cmd ?? '';
  const space = text.indexOf(' ');
  return space < 0 ? text : text.slice(0, space);
}
