import { readlink } from 'node:fs/promises';
import type { Outcome } from '../../application/analysis-ports.ts';
import { nextTurn } from '../../application/turns.ts';
import type { Mapping } from '../../domain/memory-regions.ts';
import { openSmapsParser, splitDeleted } from '../../domain/parse-smaps.ts';
import type { AnalysedProcess, Missing, RegionReading } from '../../domain/process-analysis.ts';
import type { AddressSpace } from '../../domain/region-rules.ts';
import { classOf, openSpaceSurvey } from '../../domain/region-rules.ts';
import { openRegionTally } from '../../domain/region-summary.ts';
import type { GrowingTable } from '../../domain/region-table.ts';
import { openRegionTable } from '../../domain/region-table.ts';
import { escapeBytes } from '../../domain/text-notation.ts';
import type { Host } from './host.ts';
import { givenUp, readThroughMemory } from './read-through-memory.ts';

/** All regions of an address space from /proc/PID/smaps, as it streams in. */

/** Four times what vm.max_map_count usually allows; some 50 MiB of them. */
const MOST_REGIONS = 262_144;
/** Classed in one go: a few ms. */
const AT_A_TIME = 500;

/** `null` where it is not permitted: then nothing is of the program. */
async function readProgram(
  procRoot: string,
  pid: number,
): Promise<Pick<Mapping, 'path' | 'is_deleted'> | null> {
  try {
    return splitDeleted(escapeBytes(await readlink(`${procRoot}/${pid}/exe`, { encoding: 'buffer' })));
  } catch {
    return null;
  }
}

interface RawRegions {
  readonly table: GrowingTable;
  readonly space: AddressSpace;
  readonly beyond: number;
}

async function readRaw(
  { procRoot }: Host,
  process: AnalysedProcess,
  signal: AbortSignal,
): Promise<Missing | RawRegions> {
  const survey = openSpaceSurvey(await readProgram(procRoot, process.pid));
  const table = openRegionTable();
  let beyond = 0;
  const parser = openSmapsParser((region) => {
    if (table.length >= MOST_REGIONS) beyond++;
    else {
      table.add(region);
      survey.add(region);
    }
  });
  const take = (bytes: Buffer, length: number) => parser.feed(bytes, length);
  const missing = await readThroughMemory(procRoot, process, 'smaps', { signal, take });
  parser.finish();
  return missing ?? { table, space: survey.finish(), beyond };
}

async function classAll(
  { table, space }: RawRegions,
  pageBytes: number,
  signal: AbortSignal,
): Promise<RegionReading> {
  const tally = openRegionTally(pageBytes);
  for (let index = 0; index < table.length; index++) {
    tally.add(table.classify(index, (region) => classOf(region, space)));
    if (index % AT_A_TIME === AT_A_TIME - 1) await nextTurn();
    if (signal.aborted) throw givenUp();
  }
  return { regions: table, ...tally.finish() };
}

function tooMany(beyond: number): readonly Missing[] {
  if (beyond === 0) return [];
  const text = `It has ${beyond} regions more than the ${MOST_REGIONS} that are looked at; sums are of those.`;
  return [{ what: 'smaps', reason: 'too_many', text }];
}

/** @returns `null` for figures where smaps cannot be had */
export async function readRegions(
  host: Host,
  process: AnalysedProcess,
  signal: AbortSignal,
): Promise<Outcome<RegionReading | null>> {
  const raw = await readRaw(host, process, signal);
  if ('reason' in raw) return { figures: null, missing: [raw] };
  const figures = await classAll(raw, host.constants.pageSize, signal);
  return { figures, missing: tooMany(raw.beyond) };
}
