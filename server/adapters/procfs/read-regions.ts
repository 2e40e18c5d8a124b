import { readlink } from 'node:fs/promises';
import type { Outcome } from '../../application/analysis-ports.ts';
import { nextTurn } from '../../application/turns.ts';
import type { ClassedRegion, Mapping, Region } from '../../domain/memory-regions.ts';
import { openSmapsParser, splitDeleted } from '../../domain/parse-smaps.ts';
import type { AnalysedProcess, Missing, RegionReading } from '../../domain/process-analysis.ts';
import type { AddressSpace } from '../../domain/region-rules.ts';
import { classOf, openSpaceSurvey } from '../../domain/region-rules.ts';
import { openRegionTally } from '../../domain/region-summary.ts';
import { escapeBytes } from '../../domain/text-notation.ts';
import type { Host } from './host.ts';
import { givenUp, readThroughMemory } from './read-through-memory.ts';

/** All regions of an address space from /proc/PID/smaps, as it streams in. */

/** Four times what vm.max_map_count usually allows; 100 MiB of them. */
const MOST_REGIONS = 262_144;
/** Classed in one go: a few ms. */
const AT_A_TIME = 2000;

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
  readonly regions: readonly Region[];
  readonly space: AddressSpace;
  readonly beyond: number;
}

async function readRaw(
  { procRoot }: Host,
  process: AnalysedProcess,
  signal: AbortSignal,
): Promise<Missing | RawRegions> {
  const survey = openSpaceSurvey(await readProgram(procRoot, process.pid));
  const regions: Region[] = [];
  let beyond = 0;
  const parser = openSmapsParser((region) => {
    if (regions.length >= MOST_REGIONS) beyond++;
    else {
      regions.push(region);
      survey.add(region);
    }
  });
  const take = (bytes: Buffer, length: number) => parser.feed(bytes, length);
  const missing = await readThroughMemory(procRoot, process, 'smaps', { signal, take });
  parser.finish();
  return missing ?? { regions, space: survey.finish(), beyond };
}

async function classAll(
  { regions, space }: RawRegions,
  pageBytes: number,
  signal: AbortSignal,
): Promise<RegionReading> {
  const tally = openRegionTally(pageBytes);
  const classed: ClassedRegion[] = [];
  for (let from = 0; from < regions.length; from += AT_A_TIME) {
    for (const region of regions.slice(from, from + AT_A_TIME)) {
      const one = { ...region, class: classOf(region, space) };
      tally.add(one);
      classed.push(one);
    }
    await nextTurn();
    if (signal.aborted) throw givenUp();
  }
  return { regions: classed, ...tally.finish() };
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
