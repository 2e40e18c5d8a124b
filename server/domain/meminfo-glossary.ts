import { SYSTEM_METRICS } from './system-metrics.ts';

/**
 * What each key of /proc/meminfo means, in one plain sentence: proc_meminfo(5) and Documentation/filesystems/proc.rst of
 * the kernel. Keys that are also recorded are explained in the catalogue of system metrics.
 */
const BESIDE_THE_CATALOGUE: Readonly<Record<string, string>> = {
  Active: 'Pages used recently, which the kernel takes back last.',
  Inactive: 'Pages not used recently, which the kernel takes back first.',
  'Active(file)': 'Page cache used recently.',
  'Inactive(file)': 'Page cache not used recently: the first to go when memory is short.',
  Unevictable: 'Pages that cannot be taken back: locked, or of a ramfs.',
  Mlocked: 'Pages that programs have locked into RAM with mlock.',
  HighTotal: 'Memory above about 860 MiB, which 32-bit kernels cannot reach directly.',
  HighFree: 'What is free of HighTotal.',
  LowTotal: 'Memory that a 32-bit kernel can reach directly.',
  LowFree: 'What is free of LowTotal.',
  MmapCopy: 'Copies of mapped files on machines without a memory management unit.',
  Zswap: 'RAM that holds compressed pages on their way to swap.',
  Zswapped: 'Size, before compression, of the pages that Zswap holds.',
  Dirty: 'Page cache that waits to be written to disk.',
  Writeback: 'Page cache that is being written to disk now.',
  Mapped: 'Files that are mapped into processes: programs, libraries, shared memory.',
  KReclaimable: 'Kernel memory that can be given back, SReclaimable among it.',
  ShadowCallStack: 'Protected return addresses of kernel stacks.',
  SecPageTables: 'Page tables of virtual machines and of devices.',
  NFS_Unstable: 'Always 0 since Linux 5.8; it was data sent to an NFS server that has not been stored yet.',
  Bounce: 'Copies for devices that cannot reach all of memory.',
  WritebackTmp: 'Buffers that FUSE file systems use while writing.',
  VmallocTotal: "Size of the kernel's vmalloc address space: not memory, only addresses.",
  VmallocUsed: 'What the kernel uses of the vmalloc address space.',
  VmallocChunk: 'Always 0 since Linux 4.4; it was the largest free piece of the vmalloc address space.',
  Percpu: 'Memory that the kernel keeps once for each CPU.',
  EarlyMemtestBad: 'RAM that a test at boot found faulty.',
  HardwareCorrupted: 'RAM with errors that the kernel has taken out of use.',
  ShmemHugePages: 'tmpfs and shared memory in huge pages.',
  ShmemPmdMapped: 'Shared memory that is mapped as whole huge pages.',
  FileHugePages: 'Page cache in huge pages.',
  FilePmdMapped: 'Page cache that is mapped as whole huge pages.',
  CmaTotal: 'Memory set aside for devices that need it in one piece.',
  CmaFree: 'What is free of CmaTotal.',
  Unaccepted: 'Memory that a confidential virtual machine has not taken into use yet.',
  Balloon: 'Memory that a virtual machine has given back to its host.',
  HugePages_Total: 'How many huge pages are set aside.',
  HugePages_Free: 'How many of them nothing uses.',
  HugePages_Rsvd: 'How many of the free ones are promised already.',
  HugePages_Surp: 'How many there are above what was configured.',
  Hugepagesize: 'Size of one huge page.',
  DirectMap4k: "Memory that the kernel's own page tables map in pages of 4 KiB.",
  DirectMap2M: "Memory that the kernel's own page tables map in pages of 2 MiB.",
  DirectMap4M: "Memory that the kernel's own page tables map in pages of 4 MiB.",
  DirectMap1G: "Memory that the kernel's own page tables map in pages of 1 GiB.",
  Quicklists: 'Page tables that were kept for reuse, before Linux 5.4.',
};

const RECORDED: ReadonlyMap<string, string> = new Map(
  SYSTEM_METRICS.flatMap(({ help, stored: { source } }) =>
    source.file === 'meminfo' ? [[source.key, help] as const] : [],
  ),
);

/** A line of /proc/meminfo. */
export interface MeminfoFigure {
  readonly key: string;
  readonly value: number;
  readonly unit: 'bytes' | 'count';
}

export interface DescribedFigure extends MeminfoFigure {
  /** `null`: nobody has described it. */
  readonly help: string | null;
}

export function describeMeminfo(figures: readonly MeminfoFigure[]): DescribedFigure[] {
  return figures.map((figure) => ({ ...figure, help: describeMeminfoKey(figure.key) }));
}

/** One sentence, or `null` for a key that nobody has described: kernels add some, and patched ones more. */
export function describeMeminfoKey(key: string): string | null {
  return RECORDED.get(key) ?? (Object.hasOwn(BESIDE_THE_CATALOGUE, key) ? BESIDE_THE_CATALOGUE[key] : null);
}
