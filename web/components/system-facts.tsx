import type { SystemAnswer } from '../../server/interfaces/http/schemas/system.ts';
import { countOf, formatCount, formatShare } from '../lib/numbers.ts';
import type { Fact } from './facts.tsx';
import type { Figure } from './figures.tsx';
import { Bytes, Duration, Moment } from './figures.tsx';

/** This host in a few numbers. Unknown is an en dash, and said so. */

/** A second; `null`: not known yet. */
export interface Rates {
  readonly switches: number | null;
  readonly interrupts: number | null;
}

const UNKNOWN = <span class="unknown">–</span>;

function memoryFigures({ memory, swap }: SystemAnswer): readonly Figure[] {
  const { total_bytes, used_bytes, used_htop_bytes, available_bytes, shmem_bytes } = memory;
  return [
    {
      label: 'Memory used',
      value: <Bytes value={used_bytes} label="MemTotal − MemAvailable" />,
      note: (
        <>
          of <Bytes value={total_bytes} />
          {used_bytes !== null && total_bytes ? `, ${formatShare(used_bytes / total_bytes)}` : ''}; as htop
          counts <Bytes value={used_htop_bytes} />
        </>
      ),
      help: 'MemTotal − MemAvailable',
    },
    {
      label: 'Available',
      value: <Bytes value={available_bytes} label="MemAvailable" />,
      note: (
        <>
          shared and tmpfs <Bytes value={shmem_bytes} label="Shmem" />
        </>
      ),
      help: 'What a new program can get without swapping, as the kernel estimates',
    },
    {
      label: 'Swap used',
      value:
        swap.total_bytes === 0 ? 'no swap' : <Bytes value={swap.used_bytes} label="SwapTotal − SwapFree" />,
      note:
        swap.total_bytes === 0 ? (
          'what does not fit is killed'
        ) : (
          <>
            of <Bytes value={swap.total_bytes} />
          </>
        ),
    },
  ];
}

function rateText(rate: number | null): string {
  return rate === null ? '–' : formatCount(Math.round(rate));
}

function loadFigure({ load, cpus }: SystemAnswer): Figure {
  return {
    label: 'Load',
    value: load ? load.load1.toFixed(2) : UNKNOWN,
    note: load
      ? `5 min ${load.load5.toFixed(2)}, 15 min ${load.load15.toFixed(2)}${cpus === null ? '' : `; ${countOf(cpus, 'CPU', 'CPUs')}`}`
      : 'not told',
    help: 'Tasks that run, wait to run, or wait for a disk: means of the last minutes',
  };
}

function bootFigure({ uptime_seconds, boot }: SystemAnswer): Figure {
  return {
    label: 'Up for',
    value: uptime_seconds === null ? UNKNOWN : <Duration seconds={uptime_seconds} />,
    note:
      boot === null ? (
        'not told'
      ) : (
        <>
          since <Moment at={boot} />
        </>
      ),
  };
}

export function systemFigures(answer: SystemAnswer, rates: Rates): readonly Figure[] {
  const { memory, processes } = answer;
  return [
    ...memoryFigures(answer),
    loadFigure(answer),
    {
      label: 'Processes',
      value: formatCount(processes.total),
      note: (
        <>
          RSS together at most <Bytes value={processes.rss_bytes} />
        </>
      ),
    },
    {
      label: 'OOM kills',
      value: memory.oom_kills === null ? UNKNOWN : formatCount(memory.oom_kills),
      note: 'since boot',
      help: 'Processes that the kernel killed for lack of memory',
    },
    {
      label: 'Context switches',
      value: rateText(rates.switches),
      note: `a second; interrupts ${rateText(rates.interrupts)}`,
    },
    bootFigure(answer),
  ];
}

function cpuText(share: number | null): string {
  return share === null ? 'CPU not known' : `${formatShare(share)} of one CPU`;
}

function recorderFact({ recorder }: SystemAnswer['overhead']): Fact {
  if (!recorder?.alive) return ['Recorder', recorder ? 'not recording' : 'no folder of dumps to look at'];
  const { cpu_share, rss_bytes, interval_seconds, overrun_seconds } = recorder;
  return [
    'Recorder',
    <>
      {cpuText(cpu_share)}, <Bytes value={rss_bytes} label="RSS of the recorder" />
      {interval_seconds === null ? null : `, a sample every ${interval_seconds} s`}
      {overrun_seconds ? `, the last one ${overrun_seconds.toFixed(1)} s late` : null}
    </>,
  ];
}

export function overheadFacts({ overhead }: SystemAnswer): readonly Fact[] {
  const { rss_bytes, cpu_share } = overhead.server;
  return [
    recorderFact(overhead),
    [
      'Server',
      <>
        {cpuText(cpu_share)} since it was started, <Bytes value={rss_bytes} label="RSS of the server" />
      </>,
    ],
  ];
}
