import type { ConceptText } from './concept.ts';

/** What the kernel does with the memory of the host. */

export const PAGE_CACHE: ConceptText = {
  text: [
    'What is read from or written to a file stays in RAM until something else needs the room: {cached} here. RAM that nothing uses at all, {mem_free}, is RAM that does nothing: on a healthy host it is little.',
    'Most of the cache can be dropped at once. Not so what was written and is not on disk yet ({dirty}), and tmpfs and shared memory ({shmem}), which is counted in Cached although it has no disk to go to but [swap](swap).',
    'MemAvailable is the kernel’s estimate of what a new program can get without swapping: {mem_available} of {mem_total}. It is the figure to watch, and "used" here means MemTotal − MemAvailable.',
  ],
  advice: [
    'A falling MemFree is no trouble. A falling MemAvailable is.',
    'Cached that does not give way under pressure is most often Shmem: files in a tmpfs.',
  ],
  sources: ['proc_meminfo(5)', 'Documentation/filesystems/proc.rst: MemAvailable'],
};

export const SWAP: ConceptText = {
  text: [
    'A page of a file can be dropped and read again. An anonymous page cannot: to free it, the kernel writes it to swap. {swap_used} of {swap_total} are in use on this host; process {pid} has {swap} there, of which its share is {swap_pss}.',
    'Swap in use is no trouble by itself. Pages that nobody has touched for days are better there than in RAM. What hurts is traffic: pages that go out and come back in again and again (pswpin, pswpout), since each of them makes someone wait.',
    'A process whose RSS falls while its swap grows has not freed anything. Add both to see what it holds.',
  ],
  advice: [
    'Swap-ins at a steady rate together with [pressure](psi): RAM is too small for what is in use, or a process has grown.',
    'No swap at all does not prevent thrashing: then the code of programs is dropped and read again instead.',
  ],
  sources: [
    'proc_meminfo(5)',
    'proc_vmstat(5): pswpin, pswpout',
    'Documentation/admin-guide/sysctl/vm.rst: swappiness',
  ],
};

export const OVERCOMMIT: ConceptText = {
  text: [
    'malloc and mmap succeed long before there is RAM behind them, and fork promises a second copy of everything. The kernel has promised {committed}; under strict accounting it would stop at {commit_limit}. On this host the mode is {overcommit}: 0 refuses only what is obviously too much, 1 refuses nothing, 2 keeps to the limit.',
    'So a program seldom hears that memory is short when it asks. It hears of it when it touches its pages and there is nothing left: then the [OOM killer](oom-killer) chooses.',
  ],
  advice: [
    'Committed_AS above RAM and swap together is common and no fault.',
    'In mode 2, "Cannot allocate memory" with much RAM free means that the promises have reached their limit: look at who has the largest virtual sizes.',
  ],
  sources: ['Documentation/mm/overcommit-accounting.rst', 'proc_meminfo(5): Committed_AS'],
};

export const HUGE_PAGES: ConceptText = {
  text: [
    'One huge page of {huge_page_size} stands for 512 small ones. There are two kinds.',
    'Transparent huge pages are given by the kernel where a large anonymous range is touched; the mode here is {thp_mode}. Process {pid} has {thp} in them. They are ordinary memory, counted in RSS, and can be split. A program that touches one byte in each 2 MiB gets all of the 2 MiB: its RSS may be far above what it uses.',
    'hugetlbfs pages are set aside beforehand, {huge_pages} of them here, and only those who ask for them may use them. They are gone from MemAvailable whether used or not, and they are not in anybody’s RSS: in the ledger they are a part of their own.',
  ],
  advice: [
    'A database that was moved to huge pages seems to shrink: its shared memory has left RSS. Look at Hugetlb.',
    'RAM missing after boot, and no process has it: HugePages_Total × page size.',
  ],
  sources: ['Documentation/admin-guide/mm/transhuge.rst', 'Documentation/admin-guide/mm/hugetlbpage.rst'],
};

export const PRESSURE: ConceptText = {
  text: [
    'How full RAM is does not say whether anyone suffers. Pressure stall information does: "some" is the share of time in which at least one task waited for memory, "full" that in which all that could run did. Over the last ten seconds: some {psi_some}, full {psi_full}.',
    'Waiting for memory is: reading pages back from [swap](swap), reading again what was dropped from the [page cache](page-cache), and freeing pages to get one.',
    'PSI is measured for the host and for each [control group](cgroups). It is the earliest sign of trouble that the kernel gives.',
  ],
  advice: [
    'Some above a few percent for minutes: look at who grew. Full above ten percent: the host is thrashing, act now.',
    'High use with zero pressure is a host that is well used.',
  ],
  sources: ['Documentation/accounting/psi.rst'],
};

export const OOM_KILLER: ConceptText = {
  text: [
    'When a page is needed and none can be had, the kernel kills a process: the one with the highest score. The score is RSS, swap and page tables as a share of RAM, moved by an adjustment from −1000 (never) to 1000 (first). Process {pid} has a score of {oom_score} with an adjustment of {oom_score_adj}.',
    'A [control group](cgroups) that reaches its limit is treated as a small host: only processes in it are looked at. That happens while the host has RAM to spare.',
    'This host has counted {oom_kills} kills since it booted. Each is drawn as a mark on the time axis here, and the process that is gone after it is most often the victim; which one it was stands in the kernel’s log.',
  ],
  advice: [
    'The victim is not always the culprit: a small process with a high adjustment goes first. Look at who grew before the mark.',
    'journalctl -k | grep -i oom tells the victim and the table that it was chosen from.',
  ],
  sources: ['proc_pid_oom_score(5)', 'proc_pid_oom_score_adj(5)', 'mm/oom_kill.c'],
};
