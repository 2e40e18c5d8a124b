import type { MessagePort } from 'node:worker_threads';
import type { DumpPair } from '../../application/dump-ports.ts';
import type { SealResult, Stretch } from '../../application/sealing-ports.ts';
import type { Answer, FoundDay, Job, JobResults, Order } from './messages.ts';
import { packError } from './messages.ts';

/** The thread's side: does one job after another. */

export interface JobControl {
  /** @throws where the job is to end */
  readonly check: () => void;
  readonly onProgress: (pairs: number, rows: number) => void;
}

/** What a thread can do; made by the composition root of threads. */
export interface Workshop {
  sweep(): Promise<void>;
  settle(control: JobControl): Promise<void>;
  survey(pairs: readonly DumpPair[]): Promise<readonly FoundDay[]>;
  seal(stretch: Stretch, control: JobControl): Promise<SealResult>;
}

async function doJob(workshop: Workshop, job: Job, control: JobControl): Promise<JobResults[Job['kind']]> {
  if (job.kind === 'sweep') await workshop.sweep();
  if (job.kind === 'settle') await workshop.settle(control);
  if (job.kind === 'survey') return workshop.survey(job.pairs);
  if (job.kind === 'seal') return workshop.seal(job.stretch, control);
  return undefined;
}

async function answer(
  port: MessagePort,
  open: () => Promise<Workshop>,
  { job, stop }: Order,
): Promise<Answer> {
  const control: JobControl = {
    check() {
      if (Atomics.load(stop, 0) !== 0) throw new Error('stopped');
    },
    onProgress: (pairs, rows) => port.postMessage({ kind: 'progress', pairs, rows } satisfies Answer),
  };
  try {
    const result = await doJob(await open(), job, control);
    return { kind: 'done', result };
  } catch (error) {
    return { kind: 'failed', failure: packError(error) };
  }
}

/**
 * @param open loads what a thread needs, with the first job; its error is that of each job
 * @param isEager it is called at once
 */
export function serveJobs(port: MessagePort, open: () => Promise<Workshop>, isEager: boolean): void {
  let workshop: Promise<Workshop> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const openOnce = () => {
    workshop ??= open();
    return workshop;
  };
  if (isEager) openOnce().catch(() => undefined);
  port.on('message', (order: Order) => {
    last = last.then(async () => port.postMessage(await answer(port, openOnce, order)));
  });
}
