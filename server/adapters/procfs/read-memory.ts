import { readProcText } from '../../../collector/sources/proc-files.ts';
import type { Outcome } from '../../application/analysis-ports.ts';
import type { AnalysedProcess, MemoryFigures, Missing } from '../../domain/process-analysis.ts';
import type { Host, KeyedFigures } from './host.ts';
import { parseKeyed, readNumber, shareOf } from './host.ts';
import { readStatLine } from './identify.ts';
import { readCgroupMemory } from './read-cgroup-memory.ts';
import { missingOf, readSmall } from './read-through-memory.ts';

/** The memory of one process in figures: status, and smaps_rollup where it is permitted. */

const MINOR_FAULTS = 10;
const MAJOR_FAULTS = 12;

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

/** proc_pid_status(5). */
function statusFigures(status: KeyedFigures) {
  return {
    rss_peak_bytes: status.bytes('VmHWM'),
    vsz_bytes: status.bytes('VmSize'),
    vsz_peak_bytes: status.bytes('VmPeak'),
    text_bytes: status.bytes('VmExe'),
    data_bytes: status.bytes('VmData'),
    stack_bytes: status.bytes('VmStk'),
    library_text_bytes: status.bytes('VmLib'),
    rss_anonymous_bytes: status.bytes('RssAnon'),
    rss_file_bytes: status.bytes('RssFile'),
    rss_shmem_bytes: status.bytes('RssShmem'),
    locked_bytes: status.bytes('VmLck'),
    hugetlb_bytes: status.bytes('HugetlbPages'),
    page_tables_bytes: status.bytes('VmPTE'),
  };
}

/** proc_pid_smaps(5). */
function rollupFigures(rollup: KeyedFigures) {
  const clean = rollup.bytes('Private_Clean');
  const dirty = rollup.bytes('Private_Dirty');
  return {
    pss_bytes: rollup.bytes('Pss'),
    uss_bytes: sum(clean, dirty),
    shared_bytes: sum(rollup.bytes('Shared_Clean'), rollup.bytes('Shared_Dirty')),
    private_clean_bytes: clean,
    private_dirty_bytes: dirty,
    swap_pss_bytes: rollup.bytes('SwapPss'),
    anon_huge_bytes: rollup.bytes('AnonHugePages'),
  };
}

export async function readMemory(
  host: Host,
  process: AnalysedProcess,
  signal: AbortSignal,
): Promise<Outcome<MemoryFigures>> {
  const { files, procRoot } = host;
  const rollup = await readSmall(procRoot, process, 'smaps_rollup', signal);
  const { fields } = readStatLine(host, process.pid);
  const status = parseKeyed(readProcText(files, `${process.pid}/status`) ?? '');
  const sums = parseKeyed(rollup.bytes.toString('latin1'));
  const memTotal = parseKeyed(readProcText(files, 'meminfo') ?? '').bytes('MemTotal');
  // The sum by page tables is exact; status may be late by a batch of pages for each CPU.
  const rss_bytes = sums.bytes('Rss') ?? status.bytes('VmRSS');
  return {
    figures: {
      rss_bytes,
      rss_percent: shareOf(rss_bytes, memTotal),
      swap_bytes: sums.bytes('Swap') ?? status.bytes('VmSwap'),
      ...statusFigures(status),
      ...rollupFigures(sums),
      minor_faults: fields[MINOR_FAULTS],
      major_faults: fields[MAJOR_FAULTS],
      oom_score: readNumber(host, `${process.pid}/oom_score`),
      oom_score_adj: readNumber(host, `${process.pid}/oom_score_adj`),
      ...readCgroupMemory(host, process.pid),
    },
    missing: missingFigures(process, rollup.missing),
  };
}

/** What has no memory misses one thing: its memory. */
function missingFigures({ kind, pid }: AnalysedProcess, rollup: Missing | null): readonly Missing[] {
  if (kind !== 'program') return [missingOf('memory', kind, pid)];
  return rollup ? [rollup] : [];
}
