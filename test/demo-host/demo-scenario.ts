import { containerPlans } from './containers.ts';
import { NIGHTLY_ACCOUNTING, OTHER_JOBS, VISITORS } from './demo-jobs.ts';
import { hostServices, webService } from './demo-services.ts';
import type { HistoryOptions } from './options.ts';
import { openRandom } from './random.ts';
import type { Boot, ProcessPlan, Scenario, Span } from './scenario.ts';

const HOUR = 3_600_000;
const DAY_SECONDS = 86_400;
const STORY_HOURS = 72;

/**
 * The story of the last three days, in hours before the end; a shorter history tells it faster.
 * Release 1.9.0, started with the reboot, leaks until the kernel kills it; systemd starts it again and it leaks on.
 */
const STORY = {
  recorderStops: 61,
  recorderStarts: 58.7,
  reboot: 45,
  secondsDown: 95,
  leakLastsHours: 31,
  leakMib: 10_000,
  firstBootDaysBefore: 9,
} as const;

/** The host's scenario. Everything hangs on the options, nothing on the clock. */
export function demoScenario(options: HistoryOptions): Scenario {
  const pace = Math.min(1, (options.days * 24) / STORY_HOURS);
  const before = (hours: number) => options.end - Math.round(hours * pace * HOUR);
  const reboot = before(STORY.reboot);
  return {
    seed: options.seed,
    host: 'demo-1',
    label: 'demo',
    intervalSeconds: options.intervalSeconds,
    samples: Math.max(1, Math.round((options.days * DAY_SECONDS) / options.intervalSeconds)),
    end: options.end,
    memoryMib: 16_000,
    swapMib: 2048,
    largestPid: 32_768,
    forksPerSecond: 0.9,
    boots: boots(options, reboot, STORY.leakMib / (STORY.leakLastsHours * pace)),
    unrecorded: [
      { from: before(STORY.recorderStops), to: before(STORY.recorderStarts) },
      downTime(reboot, options.intervalSeconds),
    ],
    jobs: [NIGHTLY_ACCOUNTING, ...OTHER_JOBS],
    visitors: VISITORS,
  };
}

function boots(
  { days, end, processes, seed }: HistoryOptions,
  reboot: number,
  leakMibPerHour: number,
): Boot[] {
  const random = openRandom(seed);
  const sound = webService('1.8.2', { shape: 'daily', mib: 210, peakMib: 320 });
  const leaking = webService('1.9.0', { shape: 'leak', mib: 190, mibPerHour: leakMibPerHour });
  const missing = processes - countProcesses(hostServices(sound, []));
  const containers = containerPlans(missing, random);
  const first = end - days * DAY_SECONDS * 1000 - STORY.firstBootDaysBefore * 24 * HOUR;
  return [
    { at: first, services: hostServices(sound, containers) },
    { at: reboot, services: hostServices(leaking, containers) },
  ];
}

/** The recorder starts with the host, so its first sample is the first on the schedule after the boot. */
function downTime(reboot: number, intervalSeconds: number): Span {
  const down = Math.min(STORY.secondsDown, intervalSeconds / 2);
  return { from: reboot - down * 1000, to: reboot + 20_000 };
}

function countProcesses(plans: readonly ProcessPlan[]): number {
  return plans.reduce((sum, plan) => sum + (plan.count ?? 1) * (1 + countProcesses(plan.children ?? [])), 0);
}
