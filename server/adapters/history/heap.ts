import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** When garbage is collected. V8 knows best what a page needs; this is a server of columns. */

/**
 * V8 counts the memory of columns as growth of the heap, but not as work of the program: it takes collections for so
 * cheap that it begins one whenever the heap has grown by a tenth, which is each few answers. With this it begins one
 * when the heap has doubled.
 */
export function letHeapDouble(): void {
  setFlagsFromString('--heap-growing-percent=100');
}

/** The engine waits for a full heap; who serves an idle page need not. @returns what collects garbage */
export function openCollection(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}
