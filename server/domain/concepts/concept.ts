import type { Topic } from './topics.ts';

/** A page about one idea: what it is, what it is here and now, and where the kernel says so. */

/** Figures of the chosen process and of this host that a text may hold; each is told as unknown where it is. */
export const FIGURES = {
  pid: 'PID',
  command: 'command',
  rss: 'RSS',
  pss: 'PSS',
  uss: 'USS',
  vsz: 'virtual size',
  shared: 'shared resident memory',
  swap: 'swap of the process',
  swap_pss: 'its share of swap',
  peak_rss: 'largest RSS so far',
  page_tables: 'page tables of the process',
  mappings: 'number of mappings',
  text: 'resident text',
  data: 'resident data',
  heap: 'resident heap',
  stack: 'resident stack',
  libraries: 'resident libraries',
  anonymous: 'resident anonymous memory',
  thp: 'memory in transparent huge pages',
  largest_mapping: 'largest mapping',
  minor_faults: 'minor faults',
  major_faults: 'major faults',
  threads: 'threads',
  nice: 'nice value',
  policy: 'scheduling class',
  cpu_seconds: 'CPU time',
  voluntary_switches: 'voluntary context switches',
  involuntary_switches: 'involuntary context switches',
  oom_score: 'OOM score',
  oom_score_adj: 'OOM score adjustment',
  cgroup: 'control group',
  cgroup_memory: 'memory of the control group',
  cgroup_limit: 'limit of the control group',
  page_size: 'page size',
  mem_total: 'RAM of the host',
  mem_free: 'free RAM',
  mem_available: 'available RAM',
  cached: 'page cache',
  dirty: 'page cache that is not on disk yet',
  shmem: 'tmpfs and shared memory of the host',
  swap_total: 'swap of the host',
  swap_used: 'swap in use',
  committed: 'promised memory',
  commit_limit: 'limit of promises',
  overcommit: 'overcommit mode',
  host_page_tables: 'page tables of all processes',
  slab: 'slab',
  huge_page_size: 'huge page size',
  huge_pages: 'huge pages set aside',
  thp_mode: 'transparent huge pages',
  psi_some: 'memory pressure, some',
  psi_full: 'memory pressure, full',
  oom_kills: 'OOM kills since boot',
  cpus: 'CPUs',
  load: 'load average',
} as const;

export type FigureId = keyof typeof FIGURES;

export interface ConceptText {
  /** Paragraphs; `{rss}` is a live figure, `[swap](swap)` leads to another concept. */
  readonly text: readonly string[];
  /** What to do with it at 03:12. */
  readonly advice: readonly string[];
  /** Where it stands: a manual page or a document of the kernel. */
  readonly sources: readonly string[];
}

export type Concept = Topic & ConceptText;

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'figure'; readonly id: FigureId }
  | { readonly kind: 'link'; readonly id: string; readonly text: string };

const PIECE = /\{(\w+)\}|\[([^\]]+)\]\(([\w-]+)\)/g;

/** A paragraph → what it is made of. @throws Error for a figure that does not exist: the texts are ours */
export function parseParagraph(paragraph: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of paragraph.matchAll(PIECE)) {
    const [whole, figure, text, id] = match;
    if (match.index > at) pieces.push({ kind: 'text', text: paragraph.slice(at, match.index) });
    at = match.index + whole.length;
    if (figure === undefined) pieces.push({ kind: 'link', id, text });
    else if (figure in FIGURES) pieces.push({ kind: 'figure', id: figure as FigureId });
    else throw new Error(`there is no figure ${figure}`);
  }
  if (at < paragraph.length) pieces.push({ kind: 'text', text: paragraph.slice(at) });
  return pieces;
}
