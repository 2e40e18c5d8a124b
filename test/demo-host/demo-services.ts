import type { ProcessPlan } from './scenario.ts';

/** Who lives on the made-up host `demo-1`: a shop with a web service, a database and a night's accounting. */

const KERNEL_THREADS: ProcessPlan = {
  cmd: '',
  comm: 'kthreadd',
  user: 'root',
  cgroup: '/',
  memory: { shape: 'flat', mib: 0 },
  children: [
    ['rcu_preempt', 1],
    ['ksoftirqd/{n}', 4],
    ['migration/{n}', 4],
    ['kworker/{n}:0-events', 4],
    ['kswapd0', 1],
    ['khugepaged', 1],
    ['kcompactd0', 1],
    ['oom_reaper', 1],
    ['jbd2/vda1-8', 1],
  ].map(([comm, count]) => ({
    cmd: '',
    comm: String(comm),
    memory: { shape: 'flat', mib: 0 },
    count: Number(count),
  })),
};

const INIT: ProcessPlan = {
  cmd: '/usr/lib/systemd/systemd --switched-root --system --deserialize=31',
  user: 'root',
  cgroup: '/init.scope',
  memory: { shape: 'flat', mib: 6 },
  filesMib: 8,
};

const NGINX: ProcessPlan = {
  cmd: 'nginx: master process /usr/sbin/nginx -g daemon on; master_process on;',
  comm: 'nginx',
  user: 'root',
  cgroup: '/system.slice/nginx.service',
  memory: { shape: 'flat', mib: 3 },
  children: [
    {
      cmd: 'nginx: worker process',
      comm: 'nginx',
      user: 'www-data',
      memory: { shape: 'daily', mib: 9, peakMib: 34 },
      cpu: 0.04,
      count: 4,
    },
  ],
};

const POSTGRES_CACHE = { shape: 'warm-up', mib: 40, topMib: 2300, halfHours: 4 } as const;

/** Every backend maps the same shared buffers: RSS counts them once each, PSS shares them out. */
const POSTGRES: ProcessPlan = {
  cmd: '/usr/lib/postgresql/16/bin/postgres -D /var/lib/postgresql/16/main -c config_file=/etc/postgresql/16/main/postgresql.conf',
  user: 'postgres',
  cgroup: '/system.slice/postgresql@16-main.service',
  memory: { shape: 'flat', mib: 4 },
  filesMib: 18,
  shared: { shape: 'flat', mib: 90 },
  children: [
    {
      cmd: 'postgres: 16/main: checkpointer ',
      comm: 'postgres',
      memory: { shape: 'flat', mib: 3 },
      filesMib: 12,
      shared: POSTGRES_CACHE,
      cpu: 0.01,
    },
    ...['background writer', 'walwriter', 'autovacuum launcher', 'logical replication launcher'].map(
      (role): ProcessPlan => ({
        cmd: `postgres: 16/main: ${role} `,
        comm: 'postgres',
        memory: { shape: 'flat', mib: 2 },
        filesMib: 9,
        shared: { shape: 'warm-up', mib: 4, topMib: 160, halfHours: 3 },
      }),
    ),
    {
      cmd: 'postgres: 16/main: shop orders 10.0.0.{n}(541{n}2)',
      comm: 'postgres',
      memory: { shape: 'daily', mib: 10, peakMib: 46 },
      filesMib: 14,
      shared: { shape: 'warm-up', mib: 25, topMib: 1300, halfHours: 6 },
      titles: ['idle', 'SELECT', 'idle in transaction', 'INSERT'],
      cpu: 0.03,
      count: 8,
    },
  ],
};

const DAEMONS: readonly ProcessPlan[] = [
  ['/usr/lib/systemd/systemd-journald', 'root', 'systemd-journald', 14],
  ['/usr/lib/systemd/systemd-udevd', 'root', 'systemd-udevd', 5],
  ['@dbus-daemon --system --address=systemd: --nofork --nopidfile', 'messagebus', 'dbus', 3],
  ['/usr/lib/systemd/systemd-logind', 'root', 'systemd-logind', 4],
  ['/usr/sbin/rsyslogd -n -iNONE', 'syslog', 'rsyslog', 4],
  ['/usr/sbin/chronyd -F 1', '_chrony', 'chrony', 2],
  ['/usr/bin/containerd', 'root', 'containerd', 38],
  [
    '/usr/bin/node_exporter --collector.systemd --web.listen-address=127.0.0.1:9100',
    '1007',
    'node-exporter',
    17,
  ],
  ['/sbin/agetty -o -p -- \\u --noclear - linux', 'root', 'getty@tty1', 1],
].map(([cmd, user, unit, mib]) => ({
  cmd: String(cmd),
  ...(unit === 'dbus' ? { comm: 'dbus-daemon' } : {}),
  user: String(user),
  cgroup: `/system.slice/${unit}.service`,
  memory: { shape: 'flat', mib: Number(mib) },
}));

function daemon(name: string, cmd: string): ProcessPlan {
  const cgroup = `/system.slice/${name}.service`;
  return { name, cmd, user: 'root', cgroup, memory: { shape: 'flat', mib: 3 } };
}

const CACHES: readonly ProcessPlan[] = [
  {
    cmd: '/usr/bin/redis-server 127.0.0.1:6379',
    user: 'redis',
    cgroup: '/system.slice/redis-server.service',
    memory: { shape: 'warm-up', mib: 40, topMib: 720, halfHours: 9 },
    threads: 5,
    cpu: 0.02,
  },
  {
    cmd: '/usr/bin/java -Xms1g -Xmx2g -jar /srv/billing/billing.jar --spring.profiles.active=prod',
    user: 'app',
    cgroup: '/system.slice/billing.service',
    memory: { shape: 'sawtooth', mib: 980, topMib: 1620, minutes: 47 },
    filesMib: 60,
    threads: 64,
    cpu: 0.12,
  },
];

/** The shop's web service; what its memory does is the story's to tell. */
export function webService(release: string, memory: ProcessPlan['memory']): ProcessPlan {
  return {
    name: 'web',
    cmd: `node /srv/shop/releases/${release}/server.js --port 3000`,
    user: 'app',
    cgroup: '/system.slice/shop-web.service',
    memory,
    filesMib: 42,
    threads: 11,
    cpu: 0.2,
    restartSeconds: 5,
    children: [
      {
        cmd: 'node /srv/shop/bin/image-resizer.js {n}',
        memory: { shape: 'daily', mib: 38, peakMib: 72 },
        filesMib: 42,
        threads: 7,
        count: 2,
      },
    ],
  };
}

/** Everything that starts with the host, pid 1 first. */
export function hostServices(web: ProcessPlan, containers: readonly ProcessPlan[]): readonly ProcessPlan[] {
  const cron = daemon('cron', '/usr/sbin/cron -f -P');
  const ssh = daemon('ssh', 'sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups');
  return [INIT, KERNEL_THREADS, ...DAEMONS, cron, ssh, NGINX, POSTGRES, ...CACHES, web, ...containers];
}
