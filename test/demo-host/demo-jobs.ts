import type { DailyJob, Visitors } from './scenario.ts';

/** What comes and goes on the made-up host: nightly and daily jobs, a person at work, short-lived helpers. */

/** The night's accounting: one script, a tree of workers, several GiB for twenty minutes. */
export const NIGHTLY_ACCOUNTING: DailyJob = {
  minuteOfDay: 3 * 60 + 12,
  under: 'cron',
  plan: {
    cmd: '/bin/sh -c /srv/accounting/nightly.sh',
    user: 'batch',
    cgroup: '/system.slice/cron.service',
    memory: { shape: 'flat', mib: 1 },
    lastsMinutes: 20,
    children: [
      {
        cmd: 'python3 /srv/accounting/nightly.py --workers 6',
        memory: { shape: 'flat', mib: 110 },
        filesMib: 30,
        cpu: 0.3,
        children: [
          {
            cmd: 'python3 /srv/accounting/nightly.py --worker {n}',
            memory: { shape: 'ramp', mib: 40, topMib: 530, minutes: 20 },
            filesMib: 30,
            cpu: 0.9,
            count: 6,
          },
          {
            cmd: 'sort -S 256M --parallel=2 /var/tmp/ledger.tsv',
            memory: { shape: 'ramp', mib: 5, topMib: 250, minutes: 8 },
            cpu: 0.9,
            delayMinutes: 10,
            lastsMinutes: 8,
          },
        ],
      },
    ],
  },
};

/** A wrapper that becomes its program, a backup that outlives its shell, a person at work. */
export const OTHER_JOBS: readonly DailyJob[] = [
  {
    minuteOfDay: 8 * 60 + 31,
    under: 'cron',
    plan: {
      cmd: '/bin/sh /srv/etl/start.sh --queue orders',
      user: 'app',
      cgroup: '/system.slice/cron.service',
      memory: { shape: 'warm-up', mib: 2, topMib: 260, halfHours: 2 },
      lastsMinutes: 9 * 60,
      exec: { afterMinutes: 7, cmd: 'python3 /srv/etl/ingest.py --queue orders' },
      cpu: 0.05,
    },
  },
  {
    minuteOfDay: 60 + 30,
    under: 'cron',
    plan: {
      cmd: '/bin/sh -c /opt/backup/run.sh &',
      user: 'backup',
      cgroup: '/system.slice/cron.service',
      memory: { shape: 'flat', mib: 1 },
      lastsMinutes: 5,
      children: [
        {
          cmd: 'restic backup /srv /var/lib/postgresql --tag nightly',
          memory: { shape: 'warm-up', mib: 60, topMib: 420, halfHours: 0.1 },
          cpu: 0.6,
          threads: 12,
          lastsMinutes: 38,
        },
      ],
    },
  },
  {
    minuteOfDay: 8 * 60 + 48,
    under: 'ssh',
    plan: {
      cmd: 'sshd: alice [priv]',
      comm: 'sshd',
      user: 'root',
      cgroup: '/user.slice/user-1000.slice/session-4.scope',
      memory: { shape: 'flat', mib: 3 },
      lastsMinutes: 8 * 60 + 25,
      children: [
        {
          cmd: 'sshd: alice@pts/0',
          comm: 'sshd',
          user: 'alice',
          memory: { shape: 'flat', mib: 3 },
          children: [
            {
              cmd: '-bash',
              comm: 'bash',
              memory: { shape: 'flat', mib: 3 },
              children: [
                { cmd: 'vim "Q1, draft 2.md"', memory: { shape: 'flat', mib: 11 }, delayMinutes: 12 },
                {
                  cmd: 'python3 -i explore.py --größe=groß',
                  memory: { shape: 'sawtooth', mib: 90, topMib: 640, minutes: 95 },
                  delayMinutes: 55,
                  threads: 4,
                  cpu: 0.1,
                },
              ],
            },
          ],
        },
      ],
    },
  },
];

export const VISITORS: Visitors = {
  perMinute: 1.4,
  longestMinutes: 5,
  kinds: [
    ['cron', 'root', 'sleep 30', 1],
    ['cron', 'app', 'curl -s http://127.0.0.1:3000/health', 6],
    ['cron', 'root', '/bin/sh -c ps aux | grep "shop, web"', 2],
    ['web', 'app', 'convert /tmp/upload.png -resize 1200x /tmp/thumb.webp', 70],
    ['web', 'app', 'git gc --auto', 24],
    ['ssh', 'deploy', 'rsync --server -logDtpre.iLsfxC . /srv/shop', 9],
  ].map(([under, user, cmd, mib]) => ({
    under: String(under),
    plan: { user: String(user), cmd: String(cmd), memory: { shape: 'flat', mib: Number(mib) }, cpu: 0.3 },
  })),
};
