import type { LivePoint } from '../../server/domain/live-point.ts';
import type { Figure } from '../components/figures.tsx';
import { Bytes, Figures, Measured } from '../components/figures.tsx';
import { formatBytes } from '../lib/bytes.ts';
import { formatCount, formatShare } from '../lib/numbers.ts';

/** What the host as a whole is at, in a row of numbers. */

type System = LivePoint['system'];

function memoryFigures({ metrics, used_bytes, swap_used_bytes }: System): readonly Figure[] {
  const total = metrics.mem_total_bytes ?? null;
  const swap = metrics.swap_total_bytes ?? null;
  const swapNote = swap === 0 ? 'none set up' : `of ${formatBytes(swap)}`;
  return [
    {
      label: 'Total',
      value: <Bytes value={total} />,
      note: 'of RAM',
      help: 'All RAM that the kernel can use.',
    },
    {
      label: 'Used',
      value: <Bytes value={used_bytes} />,
      note: used_bytes === null || !total ? 'total − available' : `${formatShare(used_bytes / total)} of it`,
      help: 'Total − available.',
    },
    {
      label: 'Available',
      value: <Bytes value={metrics.mem_available_bytes ?? null} />,
      note: 'without swapping',
      help: 'What a new program can get without swapping, by the kernel’s estimate.',
    },
    {
      label: 'Swap',
      value: <Bytes value={swap_used_bytes} />,
      note: swap === null ? 'not known' : swapNote,
    },
  ];
}

/** Load as the kernel writes it. */
function loadText(load: number | null): string {
  return load === null ? '–' : load.toFixed(2);
}

function workFigures({ metrics, cpu_percent, processes, ...system }: System): readonly Figure[] {
  const full = metrics.psi_full_avg10;
  return [
    {
      label: 'Pressure',
      value: <Measured value={metrics.psi_some_avg10 ?? null} measure="percent" />,
      note: full === undefined ? 'PSI is not told' : `some; full ${full} %`,
      help: 'Share of the last 10 s in which some task waited for memory (PSI some avg10).',
    },
    {
      label: 'Load',
      help: 'Average over 1, 5 and 15 minutes.',
      value: loadText(system.load1),
      note: `${loadText(system.load5)}, ${loadText(system.load15)}`,
    },
    {
      label: 'CPU',
      value: <Measured value={cpu_percent} measure="percent" />,
      note: 'of all CPUs',
    },
    {
      label: 'Processes',
      value: <data value={processes}>{formatCount(processes)}</data>,
      note: `RSS ≤ ${formatBytes(system.process_rss_bytes)}`,
    },
  ];
}

export function HostFigures({ system }: Pick<LivePoint, 'system'>) {
  return (
    <div class="live-host">
      <Figures figures={[...memoryFigures(system), ...workFigures(system)]} />
    </div>
  );
}
