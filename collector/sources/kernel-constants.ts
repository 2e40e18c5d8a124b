import type { ProcFiles } from './proc-files.ts';
import { readProcFile } from './proc-files.ts';

export interface KernelConstants {
  /** Bytes. */
  readonly pageSize: number;
  /** Clock ticks a second, the unit of times in /proc/PID/stat. */
  readonly clockTicks: number;
}

const AT_PAGESZ = 6;
const AT_CLKTCK = 17;
const USUAL: KernelConstants = { pageSize: 4096, clockTicks: 100 };
const ARCHITECTURES_OF_32_BITS = new Set(['arm', 'ia32', 'mips', 'mipsel', 'ppc', 's390']);

/** Pairs of machine words, key and value, in the machine's own byte order. */
function parseAuxiliaryVector(bytes: Uint8Array): ReadonlyMap<number, number> {
  const Words = ARCHITECTURES_OF_32_BITS.has(process.arch) ? Uint32Array : BigUint64Array;
  const whole = bytes.length - (bytes.length % (2 * Words.BYTES_PER_ELEMENT));
  const words = Array.from(new Words(bytes.slice(0, whole).buffer), Number);
  return new Map(words.flatMap((key, k) => (k % 2 === 0 ? [[key, words[k + 1]] as const] : [])));
}

function positive(value: number | undefined, otherwise: number): number {
  return value !== undefined && value > 0 && Number.isSafeInteger(value) ? value : otherwise;
}

/** What the kernel told this process at its start (getauxval(3)), without asking a shell. */
export function readKernelConstants(files: ProcFiles): KernelConstants {
  const length = readProcFile(files, `${files.root}/self/auxv`);
  const vector = parseAuxiliaryVector(Uint8Array.from(files.bytes.subarray(0, Math.max(0, length))));
  return {
    pageSize: positive(vector.get(AT_PAGESZ), USUAL.pageSize),
    clockTicks: positive(vector.get(AT_CLKTCK), USUAL.clockTicks),
  };
}
