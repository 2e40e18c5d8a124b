import type { Sample } from '../../server/domain/sample.ts';
import { workload } from './curve.ts';
import type { Demand, MachineSize } from './memory-model.ts';
import { followCurves, isOutOfMemory, measureDemand, placePages, swapShare } from './memory-model.ts';
import type { Population } from './population.ts';
import { openPopulation } from './population.ts';
import { buildProcessTable } from './process-table.ts';
import type { Random } from './random.ts';
import { openRandom, randomUuid } from './random.ts';
import type { Boot, Scenario, Visitors } from './scenario.ts';
import type { Counters } from './system-figures.ts';
import {
  balance,
  countStalls,
  countSwapping,
  newCounters,
  stallPercent,
  systemFigures,
} from './system-figures.ts';

interface Machine {
  readonly scenario: Scenario;
  readonly random: Random;
  readonly size: MachineSize;
  readonly population: Population;
  readonly counters: Counters;
  readonly bootId: string;
  readonly bootedAt: number;
  /** Of all private memory. */
  swapShare: number;
  /** Up to when its processes have been followed. */
  followedTo: number;
}

interface Tick {
  readonly t: number;
  readonly before: number;
  readonly elapsedSeconds: number;
  readonly number: number;
}

const CLOCK_TICKS = 100;
const DAY = 86_400_000;
const MINUTE = 60_000;
const FIRST_SERVICES = 2;
const SERVICE_SPACING = 180;

/** Plays a scenario and gives the samples that were recorded of it, in order of time. Pure: no clock, no chance. */
export function* simulateHost(scenario: Scenario): Generator<Sample, void> {
  const random = openRandom(scenario.seed);
  let machine: Machine | null = null;
  for (const tick of ticksOf(scenario)) {
    const boot = scenario.boots.findLast(({ at }) => at <= tick.t);
    if (!boot) continue;
    if (machine?.bootedAt !== boot.at) machine = startMachine(scenario, boot, random, tick);
    const system = advance(machine, tick);
    if (isRecorded(scenario, tick.t)) yield sampleOf(machine, tick, system);
  }
}

function* ticksOf({ samples, end, intervalSeconds }: Scenario): Generator<Tick, void> {
  for (let number = 0; number < samples; number++) {
    const t = end - (samples - 1 - number) * intervalSeconds * 1000;
    yield { t, before: t - intervalSeconds * 1000, elapsedSeconds: intervalSeconds, number };
  }
}

function isRecorded({ unrecorded }: Scenario, t: number): boolean {
  return !unrecorded.some(({ from, to }) => from <= t && t < to);
}

function startMachine(scenario: Scenario, boot: Boot, random: Random, tick: Tick): Machine {
  const { memoryMib, swapMib, largestPid, forksPerSecond } = scenario;
  const population = openPopulation(random, largestPid);
  for (const [index, plan] of boot.services.entries()) {
    const parent = index < FIRST_SERVICES ? null : initOf(population);
    population.start(plan, parent, boot.at + Math.max(0, index - 1) * SERVICE_SPACING);
    if (index === 0) population.advance(boot.at + SERVICE_SPACING);
  }
  population.advance(Math.min(tick.t, boot.at + 10 * MINUTE));
  population.skipPids(((tick.t - boot.at) / 1000) * forksPerSecond);
  return {
    scenario,
    random,
    size: { totalKib: memoryMib * 1024, swapKib: swapMib * 1024 },
    population,
    counters: newCounters(),
    bootId: randomUuid(random),
    bootedAt: boot.at,
    swapShare: 0,
    followedTo: boot.at,
  };
}

function initOf(population: Population) {
  return population.running().next().value ?? null;
}

/** Everything that happens up to `t`. @returns the system's figures at `t` */
function advance(machine: Machine, tick: Tick): Sample['system']['values'] {
  const { population, scenario, random, size, counters } = machine;
  startJobs(machine, tick);
  receiveVisitors(population, scenario.visitors, random, tick);
  population.skipPids(tick.elapsedSeconds * scenario.forksPerSecond * random.between(0.7, 1.3));
  population.advance(tick.t);
  followCurves(population.running(), tick.t, (tick.t - machine.followedTo) / 1000, random);
  machine.followedTo = tick.t;
  const demand = killUntilThereIsRoom(machine, tick);

  const swappedBefore = demand.privateKib * machine.swapShare;
  machine.swapShare = swapShare(demand, machine.swapShare, tick.elapsedSeconds);
  placePages(population.running(), machine.swapShare);
  countSwapping(counters, swappedBefore, demand.privateKib * machine.swapShare);
  const swapUsed = sumOf([...population.running()].map(({ swapKib }) => swapKib));
  const ledger = balance(demand, size, swapUsed, (tick.t - machine.bootedAt) / 1000);
  const some = stallPercent(ledger, size);
  countStalls(counters, some, tick.elapsedSeconds);
  return systemFigures(ledger, demand, size, counters, some);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function startJobs({ population, scenario, followedTo }: Machine, tick: Tick): void {
  for (const { minuteOfDay, under, plan } of scenario.jobs) {
    const offset = minuteOfDay * MINUTE;
    const at = Math.floor((tick.t - offset) / DAY) * DAY + offset;
    const parent = population.named(under);
    if (parent && at > followedTo) population.start(plan, parent, at);
  }
}

function receiveVisitors(population: Population, visitors: Visitors, random: Random, tick: Tick): void {
  const minutes = tick.elapsedSeconds / 60;
  const expected = visitors.perMinute * minutes * (0.25 + workload(tick.t));
  const count = Math.floor(expected + random.next());
  for (let one = 0; one < count; one++) {
    const { under, plan } = random.pick(visitors.kinds);
    const parent = population.named(under);
    const lastsMinutes = visitors.longestMinutes * random.next() ** 2;
    const at = tick.before + random.between(0.05, 0.95) * tick.elapsedSeconds * 1000;
    if (parent && at > parent.startedAt) population.start({ ...plan, lastsMinutes }, parent, at);
  }
}

/** The kernel's last resort: the largest process goes, and its service manager starts it again. */
function killUntilThereIsRoom(machine: Machine, tick: Tick): Demand {
  const { population, size, counters, random } = machine;
  let demand = measureDemand(population.running(), size);
  while (isOutOfMemory(demand, size)) {
    const victim = [...population.running()].reduce((a, b) => (b.privateKib > a.privateKib ? b : a));
    const killedAt = tick.before + tick.elapsedSeconds * 400;
    population.end(victim);
    counters.oomKills++;
    const { restartSeconds } = victim.plan;
    if (restartSeconds !== undefined)
      population.start(victim.plan, initOf(population), killedAt + restartSeconds * 1000);
    population.advance(tick.t);
    followCurves(population.running(), tick.t, 0, random);
    demand = measureDemand(population.running(), size);
  }
  return demand;
}

function sampleOf(machine: Machine, tick: Tick, values: Sample['system']['values']): Sample {
  const { scenario, population, bootedAt, bootId } = machine;
  const context = { bootedAt, clockTicks: CLOCK_TICKS, sampleNumber: tick.number };
  return {
    system: {
      t: tick.t,
      host: scenario.host,
      bootId,
      uptimeSeconds: (tick.t - bootedAt) / 1000,
      clockTicks: CLOCK_TICKS,
      intervalSeconds: scenario.intervalSeconds,
      label: scenario.label,
      values,
    },
    processes: buildProcessTable([...population.running()], context),
    weak: false,
    incomplete: false,
  };
}
