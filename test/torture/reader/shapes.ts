import type { Caps } from '../../../server/adapters/dumps/caps.ts';
import { DEFAULT_CAPS } from '../../../server/adapters/dumps/caps.ts';
import { endDecoding, openProcessDecoder, pushBytes } from '../../../server/adapters/dumps/decode-process.ts';
import { openLayoutCache } from '../../../server/adapters/dumps/layout-cache.ts';
import type { Outcome, Target } from './target.ts';
import { computedMs } from './target.ts';

/** T8b: files that are made to cost as much as they can. */

const MIB = 1024 * 1024;
const SIZE = 4 * MIB;
const CHUNK = 256 * 1024;
const SLOWEST_MS_PER_MIB = 1000;
const HEADER = 'PID,PPID,USER,RSS_MB,VSZ_MB,CMD\n';

const SHAPES: Readonly<Record<string, (k: number) => string>> = {
  'bad numbers': () => 'x,1,,1,1,\n',
  'a quote not closed on each line': () => '1,1,",1,1,\n',
  'quoted numbers': (k) => `"${k}",1,"",1,1,\n`,
  'blank lines': () => '\n',
  'zero bytes': () => '\0\n',
  'commas alone': () => ',,,,,\n',
  'a MiB of commas': () => `${','.repeat(MIB - 1)}\n`,
  'a MiB of quotes': () => `${'"'.repeat(MIB - 1)}\n`,
  'a MiB of doubled quotes': (k) => `${k},1,a,1,1,"${'""'.repeat(MIB / 2 - 50)}"\n`,
  'a MiB that is not UTF-8': (k) => `${k},1,a,1,1,${'\xc3\xa9\xff'.repeat(MIB / 3 - 50)}\n`,
  'a MiB of line separators': (k) => `${k},1,a,1,1,${'\xe2\x80\xa8'.repeat(MIB / 3 - 50)}\n`,
  'a MiB of digits': (k) => `${k},1,a,${'1'.repeat(MIB - 100)},1,b\n`,
  'one pid': () => '1,1,a,1,1,b\n',
  'users that are not ASCII': (k) => `${k},1,\xc3\xa9,1,1,b\n`,
};

function bytesOf(line: (k: number) => string): Buffer {
  const parts = [HEADER];
  for (let k = 1, size = 0; size < SIZE; k++) size += parts[parts.push(line(k)) - 1].length;
  return Buffer.from(parts.join(''), 'latin1');
}

interface Cost {
  readonly msPerMib: number;
  /** How long others had to wait at most. */
  readonly longestTurnMs: number;
}

function costOf(bytes: Buffer, caps: Caps): Cost {
  const decoder = openProcessDecoder({ file: 'f', format: 'seed', caps, layouts: openLayoutCache(caps) });
  let total = 0;
  let longestTurnMs = 0;
  for (let at = 0; at < bytes.length; at += CHUNK) {
    const started = computedMs();
    pushBytes(decoder, bytes.subarray(at, at + CHUNK));
    const ms = computedMs() - started;
    total += ms;
    longestTurnMs = Math.max(longestTurnMs, ms);
  }
  endDecoding(decoder, () => true);
  return { msPerMib: (total / bytes.length) * MIB, longestTurnMs };
}

async function decodeShapes(): Promise<Outcome> {
  const costs = Object.entries(SHAPES).map(([name, line]) => ({
    name,
    ...costOf(bytesOf(line), DEFAULT_CAPS),
  }));
  const faults = costs
    .filter(({ msPerMib }) => msPerMib > SLOWEST_MS_PER_MIB)
    .map(({ name, msPerMib }) => `${name}: ${msPerMib.toFixed(0)} ms/MiB`);
  const [worst] = costs.toSorted((a, b) => b.msPerMib - a.msPerMib);
  const longest = Math.max(...costs.map(({ longestTurnMs }) => longestTurnMs));
  const figures = `${costs.length} shapes: at most ${worst.msPerMib.toFixed(0)} ms/MiB (${worst.name}); no turn of the event loop longer than ${longest.toFixed(0)} ms`;
  return { figures, faults };
}

export const shapes: Target = {
  id: 'T8b',
  asks: 'files made to cost as much as they can: at most 1 s a MiB',
  run: decodeShapes,
};
