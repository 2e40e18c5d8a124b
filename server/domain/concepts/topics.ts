/** The concepts that figures stand on, without their texts: what every page may need for a tooltip. */

export interface Topic {
  readonly id: string;
  readonly title: string;
  /** One sentence, also the tooltip of its terms. */
  readonly short: string;
  /** Words by which tables and cards speak of it: each leads here. */
  readonly terms: readonly string[];
}

/** In the order in which they explain each other. */
export const TOPICS = [
  {
    id: 'virtual-memory',
    title: 'Virtual memory',
    short: 'The addresses that a process may use; most of them have no RAM behind them.',
    terms: ['VSZ', 'virtual', 'virtual size', 'address space'],
  },
  {
    id: 'mapping',
    title: 'Mapping',
    short: 'A range of addresses with one purpose: a part of a file, or memory that belongs to no file.',
    terms: ['mapping', 'region', 'mmap'],
  },
  {
    id: 'paging',
    title: 'Paging',
    short: 'Memory is handed out in pages when they are first touched, and taken back page by page.',
    terms: ['page', 'page fault', 'minor fault', 'major fault', 'page tables', 'VmPTE', 'PageTables'],
  },
  {
    id: 'segments',
    title: 'Segments: text, data, heap, stack',
    short: 'The customary parts of an address space: code, variables, what is allocated, what calls need.',
    terms: ['text', 'data', 'heap', 'stack', 'vdso', 'guard', 'library', 'segment'],
  },
  {
    id: 'shared-and-private',
    title: 'Shared and private memory',
    short: 'A page that several processes map is in RAM once; a private page belongs to one.',
    terms: ['shared', 'private', 'Shmem', 'tmpfs', 'copy on write', 'Private_Dirty'],
  },
  {
    id: 'rss-pss-uss',
    title: 'RSS, PSS and USS',
    short: 'Three ways to count resident memory: all of it, its fair share, what is only its own.',
    terms: ['RSS', 'PSS', 'USS', 'resident', 'HWM', 'SwapPss'],
  },
  {
    id: 'page-cache',
    title: 'Page cache',
    short:
      'Pages of files that are kept in RAM since they were read or written; most can be dropped at once.',
    terms: ['Cached', 'Buffers', 'page cache', 'SReclaimable', 'Dirty', 'MemAvailable', 'available'],
  },
  {
    id: 'swap',
    title: 'Swap',
    short: 'Room on disk, or compressed in RAM, for pages that have no file to be read from again.',
    terms: ['Swap', 'SwapTotal', 'SwapFree', 'SwapCached', 'pswpin', 'pswpout'],
  },
  {
    id: 'overcommit',
    title: 'Overcommit',
    short: 'The kernel promises more memory than it has, because most promises are never called in.',
    terms: ['Committed_AS', 'CommitLimit', 'overcommit'],
  },
  {
    id: 'huge-pages',
    title: 'Huge pages',
    short: 'Pages of 2 MiB or more: fewer entries in page tables, fewer misses, coarser use of RAM.',
    terms: ['AnonHugePages', 'THP', 'Hugetlb', 'HugePages_Total', 'huge pages'],
  },
  {
    id: 'cgroups',
    title: 'Control groups',
    short: 'Processes that are accounted for and limited together: a service, a container, a login.',
    terms: ['cgroup', 'memory.max', 'memory.high', 'memory.current', 'memory.peak'],
  },
  {
    id: 'psi',
    title: 'Pressure (PSI)',
    short: 'The share of time in which tasks waited for memory: some of them, or all.',
    terms: ['PSI', 'pressure', 'some', 'full', 'avg10', 'avg60'],
  },
  {
    id: 'oom-killer',
    title: 'The OOM killer',
    short: 'When nothing can be freed, the kernel kills the process that frees the most.',
    terms: ['OOM', 'OOM kill', 'oom_score', 'oom_score_adj', 'oom_kill'],
  },
  {
    id: 'scheduling',
    title: 'Scheduling',
    short: 'Which thread runs on which CPU, for how long, and how it came to wait.',
    terms: ['nice', 'policy', 'context switches', 'load', 'CPU', 'threads', 'affinity'],
  },
  {
    id: 'what-cannot-be-seen',
    title: 'What user space cannot see',
    short: 'What the kernel and the CPU keep for themselves, and the nearest thing that can be read.',
    terms: ['TLB', 'page table walk', 'memory controller', 'performance counters'],
  },
] as const satisfies readonly Topic[];

export type TopicId = (typeof TOPICS)[number]['id'];

/** The longest first: `page fault` is more than `page`. */
const TERMS: readonly (readonly [string, Topic])[] = TOPICS.flatMap((topic) =>
  topic.terms.map((term): [string, Topic] => [term.toLowerCase(), topic]),
).sort(([a], [b]) => b.length - a.length);

/** The concept that a label of a table or card belongs to: it is a term, or has one among its words (`Peak RSS`). */
export function topicOfTerm(label: string): Topic | null {
  const words = ` ${label
    .toLowerCase()
    .replaceAll(/[^\w.]+/g, ' ')
    .trim()} `;
  return TERMS.find(([term]) => words.includes(` ${term} `))?.[1] ?? null;
}
