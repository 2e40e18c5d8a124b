import type { Mapping, Region, RegionClass } from './memory-regions.ts';

/** What a region is, by rules over what the kernel tells of it. Nothing is guessed from a file's name but `.so`. */

/** What is known of the whole address space when a region is looked at. */
export interface AddressSpace {
  /** The program file, as /proc/PID/exe names it; `null` where that is not permitted. */
  readonly program: Pick<Mapping, 'path' | 'is_deleted'> | null;
  /** Files (`fileOf`) of which something may be executed. */
  readonly executed: ReadonlySet<string>;
  /** Where the last writable mapping of the program file ends: its .bss begins there. V8 maps code of node's again. */
  readonly programEnd: number;
}

export interface RegionRule {
  readonly class: RegionClass;
  /** For people. */
  readonly rule: string;
  readonly holds: (region: Region, space: AddressSpace) => boolean;
}

/** The file behind a mapping: a name may have been given to another one since. */
export function fileOf({ device, inode }: Pick<Mapping, 'device' | 'inode'>): string {
  return `${device} ${inode}`;
}

export function isOfProgram({ path, is_deleted }: Mapping, program: AddressSpace['program']): boolean {
  return program !== null && path === program.path && is_deleted === program.is_deleted;
}

export function isExecutable({ permissions }: Pick<Mapping, 'permissions'>): boolean {
  return permissions[2] === 'x';
}

function isShared({ permissions }: Mapping): boolean {
  return permissions[3] === 's';
}

/** `[vvar_vclock]` and its like came with Linux 6.13. */
const KERNEL_PAGES = /^\[(?:vdso|vvar|vvar_vclock|vsyscall|vectors|sigpage|uprobes|timens)\]$/;
/** Names that prctl(2) PR_SET_VMA gave: glibc ≥ 2.38 with its tunable, Android's allocators. */
const NAMED_STACK = /^\[(?:stack(?::\d+)?|anon: ?glibc: pthread stack.*|anon:stack_and_tls.*)\]$/;
const NAMED_HEAP = /^\[(?:heap|anon: ?glibc: (?:loader )?malloc.*|anon:(?:libc_malloc|scudo).*)\]$/;
/** shm_overview(7), sysvipc(7), memfd_create(2); `/dev/zero` deleted: a shared mapping of no file. */
const SHARED_MEMORY = /^(?:\/dev\/shm\/|\/SYSV[0-9a-f]{8}$|\/memfd:|\[anon_shmem)/;
const SHARED_OBJECT = /^\/.*\.so(?:\.[\w.-]+)?$/;
const NO_FILE = /^(?:|\[anon:.*\])$/;
/** Mappings of no file that are told with one. */
const NO_REAL_FILE = /^(?:\/dev\/zero|\/anon_hugepage)$/;

/** The first that holds decides. */
export const REGION_RULES: readonly RegionRule[] = [
  {
    class: 'guard',
    rule: 'Neither read, write nor execute is allowed (`---`), whatever is behind it.',
    holds: ({ permissions }) => permissions.startsWith('---'),
  },
  {
    class: 'vdso',
    rule: 'Named `[vdso]`, `[vvar]`, `[vsyscall]` or another page of the kernel.',
    holds: ({ path }) => KERNEL_PAGES.test(path),
  },
  {
    class: 'stack',
    rule: 'Named `[stack]` or a thread stack, or it grows down (VmFlags `gd`).',
    holds: ({ path, flags }) => NAMED_STACK.test(path) || flags.includes('gd'),
  },
  {
    class: 'heap',
    rule: 'Named `[heap]`, which is the brk area, or named by malloc as its own.',
    holds: ({ path }) => NAMED_HEAP.test(path),
  },
  {
    class: 'text',
    rule: 'Of the program file (/proc/PID/exe), and executable.',
    holds: (region, { program }) => isOfProgram(region, program) && isExecutable(region),
  },
  {
    class: 'data',
    rule: 'Of the program file and not executable, or of no file and right behind its variables: its .bss.',
    holds: (region, { program, programEnd }) =>
      isOfProgram(region, program) || (region.path === '' && region.start === programEnd),
  },
  {
    class: 'shm',
    rule: 'In `/dev/shm`, System V (`/SYSV…`), a memfd, or shared and of no file.',
    holds: (region) =>
      SHARED_MEMORY.test(region.path) ||
      (isShared(region) && (NO_REAL_FILE.test(region.path) || region.path === '')),
  },
  {
    class: 'library',
    rule: 'Of a file named `.so`, or of any file of which something is mapped executable: all of its mappings.',
    holds: (region, { executed }) =>
      region.path.startsWith('/') && (SHARED_OBJECT.test(region.path) || executed.has(fileOf(region))),
  },
  {
    class: 'anonymous',
    rule: 'Of no file.',
    holds: ({ path }) => NO_FILE.test(path) || NO_REAL_FILE.test(path),
  },
  { class: 'file', rule: 'Of any other file.', holds: ({ path }) => path.startsWith('/') },
  { class: 'other', rule: 'Anything else: rings of io_uring, packet sockets, devices.', holds: () => true },
];

/** Every region has a class: the last rule holds for all. */
export function classOf(region: Region, space: AddressSpace): RegionClass {
  return REGION_RULES.find(({ holds }) => holds(region, space))?.class ?? 'other';
}

/** What has to be known of all regions before any is classed. */
export interface SpaceSurvey {
  add(region: Region): void;
  finish(): AddressSpace;
}

export function openSpaceSurvey(program: AddressSpace['program']): SpaceSurvey {
  const executed = new Set<string>();
  let programEnd = Number.NaN;
  return {
    add(region) {
      if (isExecutable(region) && region.inode !== 0) executed.add(fileOf(region));
      if (region.permissions[1] === 'w' && isOfProgram(region, program)) programEnd = region.end;
    },
    finish: () => ({ program, executed, programEnd }),
  };
}
