import type { ConceptText } from './concept.ts';

/** What a process sees. */

export const VIRTUAL_MEMORY: ConceptText = {
  text: [
    'Each process has addresses of its own. The kernel and the CPU translate them to RAM page by page, while the program runs; two processes may use the same address and mean different memory, or different addresses and mean the same.',
    'Process {pid} ({command}) has {vsz} of addresses in {mappings} [mappings](mapping), of which {rss} are in RAM now. The difference is no memory that it takes: it is room that was reserved, files that were never read, and what has gone to [swap](swap) ({swap}).',
    'So a large virtual size says little. Programs in Go, Java or Node reserve gigabytes of addresses when they start, because addresses cost next to nothing: what they cost is [page tables](paging), here {page_tables}.',
  ],
  advice: [
    'Do not look for a hog by VSZ. Look at RSS, PSS and swap.',
    'A virtual size that grows for days while RSS does not is a leak of addresses, such as threads that never end or files that stay mapped.',
  ],
  sources: ['proc_pid_status(5): VmSize, VmPeak', 'Documentation/admin-guide/mm/concepts.rst'],
};

export const MAPPING: ConceptText = {
  text: [
    'An address space is a list of mappings. Each has a range of addresses, permissions (read, write, execute), and what is behind it: a part of a file, or nothing but zeroes, which is called anonymous. Process {pid} has {mappings}; the largest is {largest_mapping}.',
    'A mapping is a promise. Its pages come into RAM one at a time, when they are first touched: that is [paging](paging).',
    'Shared mappings show every writer’s changes to all who map them. In private ones, who writes gets a copy of the page (copy on write): after a fork, parent and child have the same pages until one of them writes.',
  ],
  advice: [
    'Which mapping grew tells what grew: [heap] and anonymous mappings are the program’s own data, a file’s mapping is that file, /dev/shm is memory that was shared on purpose.',
    'A program with tens of thousands of mappings may hit vm.max_map_count (65530 by default) and fail with "Cannot allocate memory" while RAM is free.',
  ],
  sources: ['mmap(2)', 'proc_pid_maps(5)', 'proc_pid_smaps(5)'],
};

export const PAGING: ConceptText = {
  text: [
    'RAM is managed in pages of {page_size}. The CPU finds the page behind an address in page tables, a tree of four or five levels on x86-64, and remembers what it found in a small cache, the TLB.',
    'Where the tables have no entry, the CPU stops and asks the kernel: a page fault. A minor fault finds the page without a disk, such as a new zeroed page or one that is in the [page cache](page-cache); a major fault has to read it from a file or from [swap](swap). Process {pid} has had {minor_faults} minor and {major_faults} major ones.',
    'The tables are memory, too: {page_tables} for this process, {host_page_tables} for all. A database whose hundred processes map the same large shared memory has a hundred sets of them, which is what [huge pages](huge-pages) are for.',
  ],
  advice: [
    'Major faults of many processes at once, together with [pressure](psi), mean that RAM is too small for what is being used.',
    'Minor faults are how memory is handed out: a high rate means that a program allocates and frees much, not that RAM is short.',
  ],
  sources: ['Documentation/mm/page_tables.rst', 'proc_pid_stat(5): minflt, majflt', 'getrusage(2)'],
};

export const SEGMENTS: ConceptText = {
  text: [
    'Text is the code of the program, mapped from its file, read-only and shared by all who run it: {text} resident here. Libraries, {libraries}, are the same for code that many programs use. Data are the variables that the file defines: {data}.',
    'The heap is what malloc takes at first, one mapping that grows upwards: {heap}. Large pieces, and all that most language runtimes allocate, are anonymous mappings elsewhere: {anonymous}. The stack holds what function calls need; it grows by itself, up to ulimit -s: {stack}. Each thread has its own, as an anonymous mapping.',
    'Guard pages, without any permission, stand where nothing may be touched: a runaway stack ends there instead of in somebody else’s data. vdso is a page of code that the kernel lends to every process.',
    'On x86-64 these are names for mappings and nothing else: the segment registers of the CPU, which gave them their name, all begin at zero.',
  ],
  advice: [
    'Growth of heap or anonymous memory: the program allocates, and does not free or is not given back by malloc.',
    'Growth of text and libraries: a program that loads ever more plugins, or a deploy that replaced a library while the old one stays mapped, marked "(deleted)".',
  ],
  sources: ['proc_pid_maps(5)', 'malloc(3)', 'vdso(7)'],
};

export const SHARED_AND_PRIVATE: ConceptText = {
  text: [
    'Of the {rss} that process {pid} has in RAM, {uss} are private: no other process maps these pages, and they are free when it ends. {shared} are shared, such as the code of libraries, pages that were not written to since a fork, and memory that was shared on purpose.',
    'Memory that is shared on purpose, by shm_open, memfd_create, SysV segments or files in a tmpfs, counts in Shmem: {shmem} on this host. It stays when the last process unmaps it, until the file or segment is removed: no process has it, and no list of processes shows it.',
  ],
  advice: [
    'Used memory that the processes’ PSS does not explain: look at Shmem and at what lies in /dev/shm and other tmpfs mounts.',
    'To know what ending a process gives back, read its private memory, not its RSS.',
  ],
  sources: ['shm_overview(7)', 'tmpfs(5)', 'proc_pid_smaps(5): Shared_*, Private_*'],
};

export const RESIDENT: ConceptText = {
  text: [
    'RSS counts every page that a process has in RAM: {rss}. Where a page is shared by ten processes, each of them counts it whole: sums of RSS count it ten times, and may exceed the RAM of the host.',
    'PSS divides each page by the number of processes that map it: {pss}. Sums of PSS are right, and PSS is what to rank and to add by. USS is what only this process has: {uss}.',
    'RSS comes with every sample, since it is cheap to read. PSS and USS make the kernel walk all pages of the process, and it takes rights over it: where we could not ask, we say so, and a sum that is of RSS is marked as an upper bound.',
    'The largest RSS so far (HWM, the high-water mark) was {peak_rss}.',
  ],
  advice: [
    'Compare two processes by PSS. Follow one process along time by RSS.',
    'PSS of one process also falls when another one starts to share its pages: that is no memory that was freed.',
  ],
  sources: ['proc_pid_smaps(5): Rss, Pss', 'Documentation/filesystems/proc.rst: smaps_rollup'],
};
