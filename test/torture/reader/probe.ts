import { readFileSync } from 'node:fs';
import { openDumpFolder } from '../../../server/adapters/dumps/dump-folder.ts';
import { formatReject } from '../../server/adapters/dumps/describe-folder.ts';

/** Lists a folder and reads what is in it, in a process of its own whose memory can be told. */

export interface Probe {
  readonly pairs: number;
  readonly refused: number;
  readonly listMs: number;
  readonly readMs: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly rejects: readonly string[];
  readonly incomplete: number;
  /** Of memory: before it began, and at most. */
  readonly baseMib: number;
  readonly peakMib: number;
}

const MOST_REJECTS = 5;
const MINUTE = 60_000;

function memoryMib(field: string): number {
  const [, kib = '0'] =
    new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kib) / 1024;
}

async function probe(root: string, caps: object): Promise<Probe> {
  const baseMib = memoryMib('VmRSS');
  const folder = openDumpFolder({ root, timeZone: 'UTC', now: () => Date.now() + MINUTE, caps });
  const started = performance.now();
  const { pairs, rejects: refused } = await folder.list();
  const listed = performance.now();
  const sums = { accepted: 0, rejected: 0, incomplete: 0 };
  const rejects: string[] = [];
  for (const pair of pairs.slice(0, MOST_REJECTS)) {
    const { sample, lines, rejects: more } = await folder.read(pair);
    sums.accepted += lines.accepted;
    sums.rejected += lines.rejected;
    sums.incomplete += Number(sample?.incomplete ?? true);
    rejects.push(...more.slice(0, MOST_REJECTS).map(formatReject));
  }
  const readMs = performance.now() - listed;
  return {
    ...sums,
    rejects,
    pairs: pairs.length,
    refused: refused.length,
    listMs: listed - started,
    readMs,
    baseMib,
    peakMib: memoryMib('VmHWM'),
  };
}

const [root, caps = '{}'] = process.argv.slice(2);
console.log(JSON.stringify(await probe(root, JSON.parse(caps))));
