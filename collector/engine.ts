import { setFlagsFromString } from 'node:v8';

/**
 * How the JavaScript engine is to run a recorder. The daemon allocates little: more room for young objects than
 * it has at the start would only take 5 MB of memory. A single sample is over before optimized code pays:
 * compiling it would be a fifth of what the sample costs.
 */
export function tuneEngine(once: boolean): void {
  setFlagsFromString(once ? '--no-opt' : '--semi-space-growth-factor=1');
}
