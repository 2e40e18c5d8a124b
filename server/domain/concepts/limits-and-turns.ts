import type { ConceptText } from './concept.ts';

/** Who may have how much, who runs when, and what nobody outside the kernel can see. */

export const CGROUPS: ConceptText = {
  text: [
    'Process {pid} is in {cgroup}. That group has {cgroup_memory}; its limit is {cgroup_limit}.',
    'A group’s memory is not the sum of its processes’ RSS. It has the page cache that they caused, their tmpfs files, kernel memory, and each page counts for the group that touched it first. So memory.current may be far above the sum of PSS, and falls without harm when the cache is dropped.',
    'memory.high slows a group down that exceeds it, by making it free its own pages. memory.max is the end: beyond it the [OOM killer](oom-killer) chooses within the group.',
  ],
  advice: [
    'A container that is killed on a host with free RAM has met its own memory.max: memory.events counts it.',
    'Judge a group by its [pressure](psi), not by how near memory.current is to the limit: a cache fills any limit.',
  ],
  sources: ['Documentation/admin-guide/cgroup-v2.rst: memory', 'cgroups(7)'],
};

export const SCHEDULING: ConceptText = {
  text: [
    'The kernel schedules threads, not processes. Process {pid} has {threads}, class {policy}, nice {nice}; they have run for {cpu_seconds} in all, on a host with {cpus}. The load average, {load}, counts threads that run, want to run, or wait for a device in a way that cannot be interrupted.',
    'A thread that waits by itself makes a voluntary context switch ({voluntary_switches}); one that is made to stop, because its turn is over, an involuntary one ({involuntary_switches}). Many involuntary ones mean too many threads for the CPUs, or a quota of the [control group](cgroups).',
    'Memory and scheduling meet where memory is short: a thread that waits for a page is in state D, raises the load, and uses no CPU. A high load with idle CPUs and [pressure](psi) is a host that is out of memory, not of CPU.',
  ],
  advice: [
    'Load high, CPU idle, PSI memory high: look at swap and at who grew.',
    'Load high, CPU busy: it is another tool’s question.',
  ],
  sources: ['sched(7)', 'proc_loadavg(5)', 'proc_pid_status(5): *_ctxt_switches'],
};

export const UNSEEN: ConceptText = {
  text: [
    'Page tables: their entries are the kernel’s. Their size is told: {page_tables} for process {pid}, {host_page_tables} in all. Which physical page stands behind an address is in /proc/PID/pagemap, for root only since 2015, because it helps to flip bits in other people’s memory (rowhammer).',
    'The TLB: the CPU does not tell what is in it. Misses can be counted with performance counters (perf stat -e dTLB-load-misses) where the host and the hypervisor allow it; the nearest that we show are [huge pages](huge-pages) and [faults](paging). The demonstration of paging here is a simulation, and says so.',
    'Segment registers and descriptor tables: on x86-64 all segments of a program begin at zero; what is shown as a [segment](segments) is a mapping.',
    'The kernel’s own memory: its total is told (slab {slab}, stacks, page tables), who caused it is told only per [control group](cgroups). What no counter holds, such as buffers of drivers, is what the ledger calls unexplained.',
    'The memory controller, its bandwidth and its errors: not from here; EDAC and perf’s uncore counters where the hardware has them. Hardware debug registers: only of a process that one traces.',
  ],
  advice: ['A figure that cannot be had is shown as unknown here, never as a guess.'],
  sources: ['proc_pid_pagemap(5)', 'perf_event_open(2)', 'Documentation/admin-guide/mm/pagemap.rst'],
};
