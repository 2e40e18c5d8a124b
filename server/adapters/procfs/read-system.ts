import { cpus } from 'node:os';
import { readProcText } from '../../../collector/sources/proc-files.ts';
import { parseMeminfo } from '../../../collector/sources/system.ts';
import type { SystemContext } from '../../domain/process-analysis.ts';
import { swapUsedBytes, usedBytes } from '../../domain/used-memory.ts';
import type { Host, KeyedFigures } from './host.ts';
import { parseKeyed, readNumber, shareOf } from './host.ts';

/** The host around a process: meminfo, load, pressure, limits. */

const KIB = 1024;
const IN_KIB = /_KB$/;

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

/** `some avg10=0.00 …`: proc/pressure/memory. */
function pressureOf(text: string, line: 'some' | 'full'): number | null {
  const value = new RegExp(`^${line} avg10=([\\d.]+)`, 'm').exec(text)?.[1];
  return value === undefined ? null : Number(value);
}

/** proc_uptime(5), proc_loadavg(5): the first numbers of a line. */
function firstNumbers(text: string | null, count: number): readonly number[] {
  return text === null ? [] : text.trim().split(' ').slice(0, count).map(Number);
}

export function readSystem(host: Host): SystemContext {
  const { files, constants } = host;
  const text = readProcText(files, 'meminfo') ?? '';
  const meminfo = parseKeyed(text);
  const pressure = readProcText(files, 'pressure/memory') ?? '';
  return {
    memory: memoryOf(meminfo),
    swap: swapOf(meminfo),
    meminfo: Array.from(parseMeminfo(text), ([key, value]) => {
      const is_bytes = IN_KIB.test(key);
      return { name: key.replace(IN_KIB, ''), value: Number(value) * (is_bytes ? KIB : 1), is_bytes };
    }),
    uptime_seconds: firstNumbers(readProcText(files, 'uptime'), 1)[0] ?? null,
    load: firstNumbers(readProcText(files, 'loadavg'), 3),
    cpus: cpus().length,
    page_bytes: constants.pageSize,
    overcommit: {
      mode: readNumber(host, 'sys/vm/overcommit_memory'),
      ratio: readNumber(host, 'sys/vm/overcommit_ratio'),
    },
    max_regions: readNumber(host, 'sys/vm/max_map_count'),
    pressure: { some_avg10: pressureOf(pressure, 'some'), full_avg10: pressureOf(pressure, 'full') },
  };
}
