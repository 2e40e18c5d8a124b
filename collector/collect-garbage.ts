import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * The engine lets a small heap double before it looks for what is left of processes that came and went: a few MiB that
 * a recorder need not take from its host. A full collection takes 2 to 4 ms with the heap of a recorder.
 */

const SAMPLES_BETWEEN = 500;

function openCollection(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}

/** @returns what is to be called after each sample; now and then it collects garbage */
export function openGarbageCollection(): () => void {
  let samples = 0;
  let collect: (() => void) | null = null;
  return () => {
    if (++samples % SAMPLES_BETWEEN !== 0) return;
    collect ??= openCollection();
    collect();
  };
}
