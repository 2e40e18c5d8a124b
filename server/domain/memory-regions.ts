/** A process's address space in regions (one line of /proc/PID/maps each), and the words for them. */

/** What a region is, in the order in which they are told. The rules stand in region-rules.ts. */
export const REGION_CLASSES = [
  { id: 'text', letter: 'E', label: 'Text', help: 'Machine code of the program itself.' },
  {
    id: 'data',
    letter: 'D',
    label: 'Data',
    help: 'Constants and variables of the program file: all its mappings that cannot be executed, and its .bss.',
  },
  { id: 'heap', letter: 'H', label: 'Heap', help: 'The brk area, and what malloc has named as its own.' },
  {
    id: 'stack',
    letter: 'S',
    label: 'Stack',
    help: 'The main stack, and what grows down or is named a stack.',
  },
  {
    id: 'library',
    letter: 'L',
    label: 'Libraries',
    help: 'Shared libraries, code and data: any other file of which something may be executed.',
  },
  {
    id: 'anonymous',
    letter: 'A',
    label: 'Anonymous',
    help: 'Private memory of no file: large allocations, thread stacks, arenas, code made at run time.',
  },
  { id: 'file', letter: 'M', label: 'Mapped files', help: 'Files mapped as data.' },
  {
    id: 'shm',
    letter: 'M',
    label: 'Shared memory',
    help: 'Memory that processes share: POSIX and System V shared memory, memfd, shared anonymous mappings.',
  },
  { id: 'vdso', letter: 'V', label: 'Kernel pages', help: 'Pages that the kernel puts into every process.' },
  {
    id: 'guard',
    letter: '-',
    label: 'Guard',
    help: 'No access at all: guard pages, and address space that is reserved for later.',
  },
  { id: 'other', letter: '?', label: 'Other', help: 'Rings and buffers of the kernel and of devices.' },
] as const;

export type RegionClass = (typeof REGION_CLASSES)[number]['id'];
export const REGION_CLASS_IDS = REGION_CLASSES.map(({ id }) => id) as [RegionClass, ...RegionClass[]];

/** What regions can be sorted by: the address ascending, sizes descending. */
export const REGION_SORTS = ['address', 'size', 'rss', 'pss', 'private', 'swap'] as const;
export type RegionSort = (typeof REGION_SORTS)[number];

/** Figures of a region that every kernel since 2.6.29 tells: proc_pid_smaps(5). */
export const BASIC_FIGURES = [
  { id: 'size_bytes', key: 'Size', help: 'Address space of the region.' },
  { id: 'kernel_page_bytes', key: 'KernelPageSize', help: 'Page size; larger than usual in hugetlbfs.' },
  { id: 'rss_bytes', key: 'Rss', help: 'Pages in RAM, shared ones included, hugetlbfs not.' },
  {
    id: 'pss_bytes',
    key: 'Pss',
    help: 'The same, each page divided by its sharers; whole KiB, rounded down.',
  },
  { id: 'shared_clean_bytes', key: 'Shared_Clean', help: 'Unchanged pages that others map as well.' },
  { id: 'shared_dirty_bytes', key: 'Shared_Dirty', help: 'Changed pages that others map as well.' },
  { id: 'private_clean_bytes', key: 'Private_Clean', help: 'Unchanged pages that nobody else maps.' },
  { id: 'private_dirty_bytes', key: 'Private_Dirty', help: 'Changed pages that nobody else maps.' },
  { id: 'swap_bytes', key: 'Swap', help: 'Swapped out.' },
] as const;

/** Figures that came later; unknown (`null`) where the kernel does not tell them. */
export const LATER_FIGURES = [
  { id: 'anonymous_bytes', key: 'Anonymous', help: 'Pages of no file, copies of file pages included.' },
  { id: 'swap_pss_bytes', key: 'SwapPss', help: 'Swapped out, divided by its sharers.' },
  { id: 'locked_bytes', key: 'Locked', help: 'Locked in RAM: mlock(2).' },
  { id: 'anon_huge_bytes', key: 'AnonHugePages', help: 'In transparent huge pages of anonymous memory.' },
  { id: 'shmem_huge_bytes', key: 'ShmemPmdMapped', help: 'In huge pages of shared memory.' },
  { id: 'file_huge_bytes', key: 'FilePmdMapped', help: 'In huge pages of the page cache.' },
  { id: 'shared_hugetlb_bytes', key: 'Shared_Hugetlb', help: 'Pages of hugetlbfs that others map as well.' },
  { id: 'private_hugetlb_bytes', key: 'Private_Hugetlb', help: 'Pages of hugetlbfs that nobody else maps.' },
] as const;

export type BasicFigure = (typeof BASIC_FIGURES)[number]['id'];
export type LaterFigure = (typeof LATER_FIGURES)[number]['id'];

/** Where a region lies and what stands behind it. */
export interface Mapping {
  /** First address and the one after the last. Multiples of the page size: exact as numbers up to 2⁶⁴. */
  readonly start: number;
  readonly end: number;
  /** `r-xp`: read, write, execute, and private or shared. */
  readonly permissions: string;
  /** In the file, bytes. */
  readonly offset: number;
  /** `fe:00`, hexadecimal. */
  readonly device: string;
  readonly inode: number;
  /** File or name in dump notation, without the kernel's ` (deleted)`; '' where there is none. */
  readonly path: string;
  readonly is_deleted: boolean;
}

export interface RegionFigures
  extends Readonly<Record<BasicFigure, number>>,
    Readonly<Record<LaterFigure, number | null>> {}

/** A region as smaps tells it. */
export interface Region extends Mapping, RegionFigures {
  /** Two-letter VmFlags, blanks between; '' where the kernel does not tell them. */
  readonly flags: string;
}

export interface ClassedRegion extends Region {
  readonly class: RegionClass;
}

/** Figures that add up over regions, bytes. */
export interface RegionTotals {
  readonly regions: number;
  readonly size_bytes: number;
  readonly rss_bytes: number;
  readonly pss_bytes: number;
  readonly shared_bytes: number;
  readonly private_bytes: number;
  readonly swap_bytes: number;
  readonly locked_bytes: number | null;
  /** In transparent huge pages, of whatever kind. */
  readonly huge_bytes: number | null;
  /** In hugetlbfs: not part of RSS. */
  readonly hugetlb_bytes: number | null;
}

export interface ClassTotals extends RegionTotals {
  readonly class: RegionClass;
}

export interface FileTotals extends RegionTotals {
  /** Dump notation. */
  readonly path: string;
  readonly is_deleted: boolean;
}

/** Neighbouring regions of one class without a hole between them: a stretch of the map. */
export interface Stretch extends Pick<RegionTotals, 'regions' | 'size_bytes' | 'rss_bytes' | 'swap_bytes'> {
  readonly start: number;
  readonly end: number;
  readonly class: RegionClass;
}

/** An address as the kernel writes it. */
export function formatAddress(address: number): string {
  return address.toString(16).padStart(8, '0');
}
