import { MemoryInspectorError } from '../domain/errors.ts';
import type {
  AnalysedProcess,
  CpuFigures,
  MemoryFigures,
  Reading,
  RegionReading,
  SystemContext,
} from '../domain/process-analysis.ts';
import type { Outcome, ProcessProbe } from './analysis-ports.ts';

/** Readings of processes of this host: one at a time for each process, remembered for a while, shared by askers. */

export const KEPT_MS = 5000;
const MOST_KEPT = 64;

export interface AnalysisAsk {
  readonly pid: number;
  /** Read anew, whatever is remembered. */
  readonly refresh: boolean;
  /** Nobody wants the answer any more. */
  readonly signal: AbortSignal;
}

/** @throws `process_gone`, `process_changed` where another life has taken the pid meanwhile, `client_gone` */
export interface Analysis {
  memory(ask: AnalysisAsk): Promise<Reading<MemoryFigures>>;
  /** `null` where the regions cannot be had: `missing` says why. */
  regions(ask: AnalysisAsk): Promise<Reading<RegionReading | null>>;
  /** Takes a second: two samples. */
  cpu(ask: AnalysisAsk): Promise<Reading<CpuFigures | null>>;
  system(ask: AnalysisAsk): Promise<Reading<SystemContext>>;
}

type Read<Figures> = (process: AnalysedProcess, signal: AbortSignal) => Promise<Outcome<Figures>>;

/** A reading that is under way, and how many wait for it: the last who leaves ends it. */
interface Flight {
  readonly promise: Promise<Reading<unknown>>;
  readonly ending: AbortController;
  waiting: number;
}

function clientGone(): MemoryInspectorError {
  return new MemoryInspectorError('client_gone', 'Nobody waits for the answer any more');
}

function join(flight: Flight, signal: AbortSignal): Promise<Reading<unknown>> {
  flight.waiting++;
  return new Promise((resolve, reject) => {
    const leave = () => {
      flight.waiting--;
      if (flight.waiting === 0) flight.ending.abort();
      reject(clientGone());
    };
    if (signal.aborted) return leave();
    signal.addEventListener('abort', leave, { once: true });
    flight.promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

/** Reads, and looks whether it was one life from begin to end. */
async function readOneLife<Figures>(
  probe: ProcessProbe,
  process: AnalysedProcess,
  read: Read<Figures>,
  signal: AbortSignal,
): Promise<Reading<Figures>> {
  const measuredAt = Date.now();
  const began = performance.now();
  const { figures, missing } = await read(process, signal);
  const readSeconds = (performance.now() - began) / 1000;
  const after = await probe.identify(process.pid, signal);
  if (after.key !== process.key)
    throw new MemoryInspectorError('process_changed', `PID ${process.pid} is another process now`, {
      field: 'pid',
      next: 'The one that was looked at has ended, and its pid was given away. Ask again.',
    });
  return { process: after, figures, missing, measuredAt, readSeconds };
}

/** The last few readings, each for `KEPT_MS`. */
function openMemory() {
  const kept = new Map<string, Reading<unknown>>();
  return {
    find: (name: string) => kept.get(name),
    keep(name: string, reading: Reading<unknown>) {
      kept.delete(name);
      kept.set(name, reading);
      const [oldest] = kept.keys();
      if (kept.size > MOST_KEPT) kept.delete(oldest);
      const forget = () => kept.get(name) === reading && kept.delete(name);
      setTimeout(forget, KEPT_MS - (Date.now() - reading.measuredAt)).unref();
    },
  };
}

export function openAnalysis(probe: ProcessProbe): Analysis {
  const memory = openMemory();
  const flights = new Map<string, Flight>();
  /** The last reading of each process: the next one waits for it. */
  const lanes = new Map<string, Promise<unknown>>();

  function takeTurn<Figures>(key: string, read: () => Promise<Reading<Figures>>): Promise<Reading<Figures>> {
    const turn = (lanes.get(key) ?? Promise.resolve()).then(read, read);
    lanes.set(key, turn);
    const leave = () => lanes.get(key) === turn && lanes.delete(key);
    turn.then(leave, leave);
    return turn;
  }

  function start<Figures>(name: string, process: AnalysedProcess, read: Read<Figures>): Flight {
    const ending = new AbortController();
    const promise = takeTurn(process.key, () => {
      if (ending.signal.aborted) throw clientGone();
      return readOneLife(probe, process, read, ending.signal);
    });
    const flight = { promise, ending, waiting: 0 };
    flights.set(name, flight);
    const land = () => flights.get(name) === flight && flights.delete(name);
    ending.signal.addEventListener('abort', land, { once: true });
    promise
      .then(
        (reading) => memory.keep(name, reading),
        () => undefined,
      )
      .finally(land);
    return flight;
  }

  async function ask<Figures>(kind: string, read: Read<Figures>, { pid, refresh, signal }: AnalysisAsk) {
    const process = await probe.identify(pid, signal);
    const name = `${kind} ${process.key}`;
    const known = refresh ? undefined : memory.find(name);
    const reading = known ?? (await join(flights.get(name) ?? start(name, process, read), signal));
    return reading as Reading<Figures>;
  }

  return {
    memory: (asked) => ask('memory', probe.readMemory, asked),
    regions: (asked) => ask('regions', probe.readRegions, asked),
    cpu: (asked) => ask('cpu', probe.readCpu, asked),
    system: (asked) => ask('system', async () => ({ figures: probe.readSystem(), missing: [] }), asked),
  };
}
