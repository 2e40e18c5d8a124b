import { displayText } from '../../server/domain/text-notation.ts';
import type { SystemAnswer } from '../../server/interfaces/http/schemas/system.ts';
import { isNarrow } from '../lib/media.ts';
import { formatCount } from '../lib/numbers.ts';
import { briefName, processName } from '../lib/process-text.ts';
import { machine } from '../machine.ts';
import type { View } from '../state.ts';
import { linkTo } from '../state.ts';
import { Bytes, Duration } from './figures.tsx';
import { PlainTable } from './plain-table.tsx';

/** Who waits for what, and who holds the most. */

type Process = SystemAnswer['processes']['items'][number];

interface Stall {
  readonly name: string;
  readonly share: NonNullable<NonNullable<SystemAnswer['pressure']['cpu']>['some']>;
}

const RESOURCES = { memory: 'memory', cpu: 'a CPU', io: 'a disk' } as const;

function stallsOf(pressure: SystemAnswer['pressure']): readonly Stall[] {
  return (['memory', 'cpu', 'io'] as const).flatMap((resource) => {
    const { some = null, full = null } = pressure[resource] ?? {};
    const what = RESOURCES[resource];
    return [
      ...(some ? [{ name: `some wait for ${what}`, share: some }] : []),
      // Of the whole system the kernel has no full CPU pressure: it writes zeros.
      ...(full && resource !== 'cpu' ? [{ name: `all wait for ${what}`, share: full }] : []),
    ];
  });
}

function percent(value: number) {
  return <span class={value === 0 ? 'zero' : undefined}>{value.toFixed(1)} %</span>;
}

export function PressureTable({ pressure }: Pick<SystemAnswer, 'pressure'>) {
  const stalls = stallsOf(pressure);
  if (stalls.length === 0)
    return <p class="muted">This kernel does not measure pressure: it was built or started without PSI.</p>;
  return (
    <PlainTable
      label="Pressure"
      rows={stalls}
      keyOf={({ name }) => name}
      columns={[
        { head: 'Time in which tasks', isText: true, cell: ({ name }) => name },
        { head: '10 s', cell: ({ share }) => percent(share.avg10) },
        { head: '1 min', cell: ({ share }) => percent(share.avg60) },
        { head: '5 min', cell: ({ share }) => percent(share.avg300) },
      ]}
    />
  );
}

interface LargestProps {
  readonly view: View;
  readonly answer: SystemAnswer;
}

/** A link where this host is the recorded one: else the recording has no such process. */
function Name({ view, host, process }: { view: View; host: string; process: Process }) {
  const { text, isBracketed } = processName(process);
  const shown = isNarrow.value ? briefName(process) : text;
  const look = isBracketed ? 'cmd kernel' : 'cmd';
  if (machine.value?.host !== host)
    return (
      <span class={look} title={text}>
        {shown}
      </span>
    );
  return (
    <a class={look} title={text} href={linkTo('pid', view, { pid: process.pid })}>
      {shown}
    </a>
  );
}

export function LargestNow({ view, answer }: LargestProps) {
  const { processes, memory, host } = answer;
  const shade = (bytes: number | null) => ({ bytes, of: memory.total_bytes });
  return (
    <>
      <PlainTable
        label="Largest processes"
        rows={processes.items}
        keyOf={({ pid }) => pid}
        columns={[
          {
            head: 'Command',
            isText: true,
            cell: (process) => <Name view={view} host={host} process={process} />,
          },
          { head: 'PID', isFurther: true, cell: ({ pid }) => pid },
          { head: 'User', isText: true, isFurther: true, cell: ({ user }) => displayText(user) },
          {
            head: 'RSS',
            cell: ({ rss_bytes }) => <Bytes value={rss_bytes} />,
            shade: ({ rss_bytes }) => shade(rss_bytes),
          },
          { head: 'Swap', cell: ({ swap_bytes }) => <Bytes value={swap_bytes} /> },
          {
            head: 'CPU time',
            isFurther: true,
            cell: ({ cpu_seconds }) => (cpu_seconds === null ? '–' : <Duration seconds={cpu_seconds} />),
          },
        ]}
      />
      {processes.total > processes.items.length ? (
        <p class="note">
          {formatCount(processes.total - processes.items.length)} smaller ones are not listed;{' '}
          <a href={linkTo('snapshot', view)}>the snapshot</a> has every recorded one.
        </p>
      ) : null}
    </>
  );
}
