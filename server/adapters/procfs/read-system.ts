import { cpus } from 'node:os';
import { join } from 'node:path';
import { readProcText } from '../../../collector/sources/proc-files.ts';
import { parseMeminfo } from '../../../collector/sources/system.ts';
import { describeMeminfo } from '../../domain/meminfo-glossary.ts';
import type { SystemContext } from '../../domain/process-analysis.ts';
import { swapUsedBytes, usedBytes } from '../../domain/used-memory.ts';
import type { Host, KeyedFigures } from './host.ts';
import { parseKeyed, readNumber, shareOf } from './host.ts';
import { listMeminfo, parseLoad } from './parse-host.ts';
import { parsePressure } from './pressure.ts';
import { readText } from './read-text.ts';

/** The host around a process: meminfo, load, pressure, limits. */

function memoryOf(meminfo: KeyedFigures): SystemContext['memory'] {
  const total_bytes = meminfo.bytes('MemTotal');
  const available_bytes = meminfo.bytes('MemAvailable');
  const used_bytes = usedBytes(total_bytes, available_bytes);
  return {
    total_bytes,
    available_bytes,
    used_bytes,
    free_bytes: meminfo.bytes('MemFree'),
    used_percent: shareOf(used_bytes, total_bytes),
    buffers_bytes: meminfo.bytes('Buffers'),
    cached_bytes: meminfo.bytes('Cached'),
  };
}

function swapOf(meminfo: KeyedFigures): SystemContext['swap'] {
  const total_bytes = meminfo.bytes('SwapTotal');
  const free_bytes = meminfo.bytes('SwapFree');
  const used_bytes = swapUsedBytes(total_bytes, free_bytes);
  return { total_bytes, used_bytes, free_bytes, used_percent: shareOf(used_bytes, total_bytes) };
}

/** proc_uptime(5). */
function uptimeOf(text: string | null): number | null {
  const seconds = Number.parseFloat(text ?? '');
  return Number.isFinite(seconds) ? seconds : null;
}

/** `always [madvise] never`: the word in brackets (kernel docs: transhuge). */
function hugePageModeOf(text: string | null): string | null {
  return /\[(\w+)\]/.exec(text ?? '')?.[1] ?? null;
}

/** proc_vmstat(5); kernels before 4.13 do not count them. */
function oomKillsOf(text: string | null): number | null {
  const match = /^oom_kill (\d+)$/m.exec(text ?? '');
  return match && Number(match[1]);
}

export function readSystem(host: Host): SystemContext {
  const { files, constants } = host;
  const text = readProcText(files, 'meminfo') ?? '';
  const meminfo = parseKeyed(text);
  const pressure = parsePressure(readProcText(files, 'pressure/memory'));
  return {
    memory: memoryOf(meminfo),
    swap: swapOf(meminfo),
    meminfo: describeMeminfo(listMeminfo(parseMeminfo(text))),
    uptime_seconds: uptimeOf(readProcText(files, 'uptime')),
    load: parseLoad(readProcText(files, 'loadavg') ?? '') ?? [],
    cpus: cpus().length,
    page_bytes: constants.pageSize,
    overcommit: {
      mode: readNumber(host, 'sys/vm/overcommit_memory'),
      ratio: readNumber(host, 'sys/vm/overcommit_ratio'),
    },
    max_regions: readNumber(host, 'sys/vm/max_map_count'),
    thp_mode: hugePageModeOf(readText(join(host.sysRoot, 'kernel/mm/transparent_hugepage/enabled'))),
    oom_kills: oomKillsOf(readProcText(files, 'vmstat')),
    pressure: { some_avg10: pressure?.some?.avg10 ?? null, full_avg10: pressure?.full?.avg10 ?? null },
  };
}
