import { displayText } from '../../server/domain/text-notation.ts';
import { formatDuration } from '../../server/domain/units.ts';
import type { AnalyzeAllAnswer } from '../../server/interfaces/http/schemas/analyze.ts';
import { formatCount } from '../lib/numbers.ts';
import type { View } from '../state.ts';
import { analyzeHref } from '../state.ts';
import type { Fact } from './facts.tsx';
import { Facts } from './facts.tsx';
import type { Figure } from './figures.tsx';
import { Bytes, Figures } from './figures.tsx';
import type { PlainColumn } from './plain-table.tsx';
import { PlainTable } from './plain-table.tsx';
import { ClassBar, ClassMark, classLabel } from './region-class.tsx';

/** What an analysis tells of one process, tab by tab. */

type Part<Name extends keyof AnalyzeAllAnswer> = Pick<AnalyzeAllAnswer, Name>;

function percent(value: number | null): string {
  return value === null ? 'unknown' : `${value.toFixed(1)} %`;
}

/** The kernel counts in hundredths. */
function cpuTime(seconds: number): string {
  return seconds < 60 ? `${seconds.toFixed(2)} s` : formatDuration(seconds);
}

function countOrUnknown(value: number | null): string {
  return value === null ? 'unknown' : formatCount(value);
}

const MEMORY_FIGURES = [
  ['RSS', 'rss_bytes', 'Pages in RAM, shared ones included.'],
  ['PSS', 'pss_bytes', 'The same, each page divided by its sharers.'],
  ['USS', 'uss_bytes', 'Pages that nobody else has: free if it ended.'],
  ['Shared', 'shared_bytes', 'Pages that others map as well.'],
  ['Swap', 'swap_bytes', 'Swapped out.'],
  ['Peak RSS', 'rss_peak_bytes', 'The largest RSS of its life (VmHWM).'],
  ['Virtual', 'vsz_bytes', 'Address space; most of it has no RAM behind it.'],
] as const;

const MEMORY_FACTS = [
  ['Text', 'text_bytes'],
  ['Data and heap', 'data_bytes'],
  ['Stack', 'stack_bytes'],
  ['Library text', 'library_text_bytes'],
  ['Anonymous in RAM', 'rss_anonymous_bytes'],
  ['Files in RAM', 'rss_file_bytes'],
  ['Shared memory', 'rss_shmem_bytes'],
  ['Huge pages', 'anon_huge_bytes'],
  ['hugetlbfs', 'hugetlb_bytes'],
  ['Locked', 'locked_bytes'],
  ['Page tables', 'page_tables_bytes'],
  ['Largest virtual', 'vsz_peak_bytes'],
] as const;

interface SummaryProps {
  readonly view: View;
  readonly answer: Part<'memory' | 'classes'> & { readonly text: string };
}

type ClassTotals = AnalyzeAllAnswer['classes'][number];

const CLASS_COLUMNS: readonly [PlainColumn<ClassTotals>, ...PlainColumn<ClassTotals>[]] = [
  {
    head: 'Class',
    isText: true,
    cell: (one) => (
      <>
        <ClassMark id={one.class} /> {classLabel(one.class)}
      </>
    ),
  },
  { head: 'Regions', cell: (one) => formatCount(one.regions) },
  { head: 'Size', cell: (one) => <Bytes value={one.size_bytes} /> },
  { head: 'RSS', cell: (one) => <Bytes value={one.rss_bytes} /> },
  { head: 'PSS', isFurther: true, cell: (one) => <Bytes value={one.pss_bytes} /> },
  { head: 'Private', isFurther: true, cell: (one) => <Bytes value={one.private_bytes} /> },
  { head: 'Swap', isFurther: true, cell: (one) => <Bytes value={one.swap_bytes} /> },
];

/** What the kernel goes by when memory runs out. */
function limitFacts(memory: AnalyzeAllAnswer['memory']): Fact[] {
  const { oom_score, oom_score_adj, cgroup_is_limited, cgroup_limit_bytes } = memory;
  const limit = cgroup_is_limited === false ? 'none' : <Bytes value={cgroup_limit_bytes} />;
  return [
    ['OOM score', `${oom_score ?? 'unknown'}, adjusted by ${oom_score_adj ?? 'unknown'}`],
    ['Control group', <Bytes key="cgroup" value={memory.cgroup_memory_bytes} />],
    ['Group limit', limit],
  ];
}

export function SummaryTab({ view, answer: { memory, classes, text } }: SummaryProps) {
  const figures: Figure[] = MEMORY_FIGURES.map(([label, id, help]) => ({
    label,
    value: <Bytes value={memory[id]} />,
    help,
  }));
  const facts: Fact[] = MEMORY_FACTS.map(([label, id]) => [label, <Bytes key={id} value={memory[id]} />]);
  const { minor_faults, major_faults, rss_percent } = memory;
  return (
    <>
      <p class="analysis-text">{displayText(text)}</p>
      <Figures figures={figures} />
      <ClassBar classes={classes} hrefOf={(id) => analyzeHref(view, { tab: 'regions', class: id })} />
      <div class="summary-columns analysis-parts">
        <section class="part">
          <h2>By class</h2>
          <PlainTable
            label="Memory by class"
            rows={classes}
            keyOf={(one) => one.class}
            columns={CLASS_COLUMNS}
          />
        </section>
        <section class="part">
          <h2>In numbers</h2>
          <Facts
            facts={[
              ['Share of RAM', percent(rss_percent)],
              ...facts,
              ['Minor faults', countOrUnknown(minor_faults)],
              ['Major faults', countOrUnknown(major_faults)],
              ...limitFacts(memory),
            ]}
          />
        </section>
      </div>
    </>
  );
}

type Cpu = NonNullable<AnalyzeAllAnswer['cpu']>;

function cpuFacts(cpu: Cpu): Fact[] {
  const { quota } = cpu;
  const limit = quota.quota_cpus === null ? 'none, or not known' : `${quota.quota_cpus} CPUs’ worth`;
  return [
    ['User time', cpuTime(cpu.user_seconds)],
    ['System time', cpuTime(cpu.system_seconds)],
    ['Of children', cpuTime(cpu.children_user_seconds + cpu.children_system_seconds)],
    ['Scheduling', `${cpu.policy ?? 'unknown'}, nice ${cpu.nice ?? 'unknown'}`],
    ['May run on', `CPU ${cpu.affinity ?? 'unknown'} of ${cpu.cpus}`],
    ['Last ran on', cpu.last_cpu === null ? 'unknown' : `CPU ${cpu.last_cpu}`],
    ['Waits in', cpu.wait_channel === null ? 'unknown' : displayText(cpu.wait_channel) || 'nothing: it runs'],
    ['Voluntary switches', countOrUnknown(cpu.voluntary_switches)],
    ['Involuntary', countOrUnknown(cpu.involuntary_switches)],
    ['Control group', displayText(quota.cgroup) || 'unknown'],
    ['Its CPU limit', limit],
    ['Throttled', quota.throttled_seconds === null ? 'unknown' : cpuTime(quota.throttled_seconds)],
  ];
}

export function CpuTab({ answer: { cpu } }: { readonly answer: Part<'cpu'> }) {
  if (cpu === null) return <p class="empty">Unknown: see above why.</p>;
  const over = `over ${cpu.interval_seconds.toFixed(1)} s`;
  const figures: Figure[] = [
    { label: 'CPU', value: percent(cpu.percent), note: `of one CPU, ${over}` },
    { label: 'In the program', value: percent(cpu.user_percent) },
    { label: 'In the kernel', value: percent(cpu.system_percent) },
    { label: 'Threads', value: formatCount(cpu.threads_total) },
  ];
  return (
    <>
      <Figures figures={figures} />
      <div class="summary-columns analysis-parts">
        <section class="part">
          <h2>Scheduling</h2>
          <Facts facts={cpuFacts(cpu)} />
        </section>
        <section class="part">
          <h2>Threads</h2>
          <ThreadTable threads={cpu.threads} threads_total={cpu.threads_total} />
        </section>
      </div>
    </>
  );
}

type Thread = Cpu['threads'][number];

const THREAD_COLUMNS: readonly [PlainColumn<Thread>, ...PlainColumn<Thread>[]] = [
  { head: 'TID', isText: true, cell: ({ tid }) => tid },
  { head: 'Name', isText: true, cell: ({ comm }) => <span class="cmd">{displayText(comm)}</span> },
  { head: 'State', isText: true, cell: ({ state }) => state },
  { head: 'CPU', cell: (thread) => percent(thread.percent) },
  { head: 'User', cell: (thread) => cpuTime(thread.user_seconds) },
  { head: 'System', cell: (thread) => cpuTime(thread.system_seconds) },
  {
    head: 'Scheduling',
    isText: true,
    isFurther: true,
    cell: ({ policy, nice }) => `${policy ?? 'unknown'}, nice ${nice ?? 'unknown'}`,
  },
  {
    head: 'Waits in',
    isText: true,
    isFurther: true,
    cell: (thread) => <span class="cmd">{displayText(thread.wait_channel)}</span>,
  },
];

function ThreadTable({ threads, threads_total }: Pick<Cpu, 'threads' | 'threads_total'>) {
  return (
    <>
      {threads.length < threads_total ? (
        <p class="muted">
          The {formatCount(threads.length)} busiest of {formatCount(threads_total)}.
        </p>
      ) : null}
      <PlainTable
        label="Threads, busiest first"
        rows={threads}
        keyOf={({ tid }) => tid}
        columns={THREAD_COLUMNS}
      />
    </>
  );
}
