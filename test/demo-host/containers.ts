import type { Random } from './random.ts';
import type { ProcessPlan } from './scenario.ts';

/** What the small containers hold together: more processes do not make a fuller host. */
const BUDGET_MIB = 900;
const SHIM_MIB = 6;
const PER_CONTAINER = 3;
const PROGRAMS = ['catalog', 'search', 'mailer', 'rates', 'stock', 'feeds', 'images', 'audit', 'gateway'];

/** As many processes as asked for, three to a container: its shim, its service, a helper of the service. */
export function containerPlans(processes: number, random: Random): ProcessPlan[] {
  const count = Math.ceil(Math.max(0, processes) / PER_CONTAINER);
  const share = Math.max(1, BUDGET_MIB / Math.max(1, count) - SHIM_MIB);
  return Array.from({ length: count }, (_, index) => {
    const left = processes - index * PER_CONTAINER;
    return containerPlan(index, Math.min(left, PER_CONTAINER), share, random);
  });
}

function containerPlan(index: number, processes: number, shareMib: number, random: Random): ProcessPlan {
  const id = random.hex(64);
  const program = PROGRAMS[index % PROGRAMS.length];
  const helper: ProcessPlan = {
    cmd: `/app/${program}-agent --listen 127.0.0.1:${9200 + index}`,
    memory: { shape: 'flat', mib: shareMib * random.between(0.1, 0.3) },
  };
  const service: ProcessPlan = {
    cmd: `/app/${program} --replica ${Math.floor(index / PROGRAMS.length)} --listen 0.0.0.0:8080`,
    user: random.pick(['1000', '65532', 'www-data']),
    memory: {
      shape: 'daily',
      mib: shareMib * random.between(0.3, 0.7),
      peakMib: shareMib * random.between(0.6, 1),
    },
    threads: 1 + Math.floor(random.between(0, 12)),
    children: processes > 2 ? [helper] : [],
  };
  return {
    cmd: `/usr/bin/containerd-shim-runc-v2 -namespace moby -id ${id} -address /run/containerd/containerd.sock`,
    user: 'root',
    cgroup: `/system.slice/docker-${id}.scope`,
    memory: { shape: 'flat', mib: SHIM_MIB },
    threads: 12,
    children: processes > 1 ? [service] : [],
  };
}
