import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { Answer, Job, JobResults, Order, WorkerSetup } from './messages.ts';
import { unpackError } from './messages.ts';

/** Threads that do jobs: started when there is one to do, ended when there has been none for a while. */
export interface Pool {
  /** @throws what the job fails with; the signal's reason where it is aborted */
  run<Kind extends Job['kind']>(
    job: Extract<Job, { kind: Kind }>,
    options?: JobOptions,
  ): Promise<JobResults[Kind]>;
  /** Ends what runs and what waits. */
  close(): Promise<void>;
}

export interface JobOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((pairs: number, rows: number) => void) | undefined;
}

interface Task {
  readonly job: Job;
  readonly options: JobOptions;
  readonly stop: Int32Array<SharedArrayBuffer>;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  task: Task | null;
  idleTimer: NodeJS.Timeout | undefined;
}

const IDLE_MS = 10_000;
/**
 * Beyond, a thread fails and its job with it: the server goes on. What is young is looked through twice as often with
 * half the room.
 */
const LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 512 };
/**
 * How large a thread's old space gets before it is first marked. By itself V8 begins with little, and follows what is
 * alive so closely that a month of dumps is marked 60 times, 2 s of CPU; so it is 8 times. V8 reads the flag when it
 * makes an isolate; `resourceLimits` have no such thing. This process makes no threads but these.
 */
const OLD_SPACE_MB = 48;

interface State {
  readonly url: URL;
  readonly setup: WorkerSetup;
  readonly most: number;
  readonly threads: Set<Thread>;
  readonly waiting: Task[];
  closed: boolean;
}

function wasClosed(): Error {
  return new Error('the sealer was closed');
}

function settle(state: State, thread: Thread, use: (task: Task) => void): void {
  const { task } = thread;
  thread.task = null;
  if (task) use(task);
  startNext(state);
  if (thread.task === null && !state.closed) {
    thread.idleTimer = setTimeout(() => end(state, thread), IDLE_MS);
    thread.idleTimer.unref();
    thread.worker.unref();
  }
}

async function end(state: State, thread: Thread): Promise<void> {
  clearTimeout(thread.idleTimer);
  state.threads.delete(thread);
  await thread.worker.terminate();
}

function fail(state: State, thread: Thread, error: unknown): void {
  clearTimeout(thread.idleTimer);
  state.threads.delete(thread);
  const { task } = thread;
  thread.task = null;
  task?.reject(task.options.signal?.aborted ? task.options.signal.reason : error);
  startNext(state);
}

function receive(state: State, thread: Thread, answer: Answer): void {
  if (answer.kind === 'progress') {
    thread.task?.options.onProgress?.(answer.pairs, answer.rows);
    return;
  }
  settle(state, thread, ({ options: { signal }, resolve, reject }) => {
    if (answer.kind === 'done') resolve(answer.result as never);
    else if (signal?.aborted) reject(signal.reason);
    else reject(state.closed ? wasClosed() : unpackError(answer.failure));
  });
}

function openThread(state: State): Thread {
  const worker = new Worker(state.url, { workerData: state.setup, resourceLimits: LIMITS });
  const thread: Thread = { worker, task: null, idleTimer: undefined };
  worker.on('message', (answer: Answer) => receive(state, thread, answer));
  worker.on('error', (error) => fail(state, thread, error));
  worker.on('exit', () => {
    if (state.threads.has(thread)) fail(state, thread, new Error('a sealing thread has ended'));
  });
  state.threads.add(thread);
  return thread;
}

function freeThread(state: State): Thread | null {
  for (const thread of state.threads) if (thread.task === null) return thread;
  return state.threads.size < state.most ? openThread(state) : null;
}

function startNext(state: State): void {
  if (state.closed || state.waiting.length === 0) return;
  const thread = freeThread(state);
  const task = thread && state.waiting.shift();
  if (!thread || !task) return;
  clearTimeout(thread.idleTimer);
  thread.task = task;
  thread.worker.ref();
  thread.worker.postMessage({ job: task.job, stop: task.stop } satisfies Order);
  startNext(state);
}

function abort(state: State, task: Task): void {
  const at = state.waiting.indexOf(task);
  Atomics.store(task.stop, 0, 1);
  if (at < 0) return;
  state.waiting.splice(at, 1);
  task.reject(task.options.signal?.reason);
}

function taskEnd({ worker }: Thread): Promise<void> {
  return new Promise((resolve) => {
    worker.on('message', ({ kind }: Answer) => kind !== 'progress' && resolve());
    worker.once('exit', () => resolve());
  });
}

async function closeAll(state: State): Promise<void> {
  state.closed = true;
  for (const task of state.waiting.splice(0)) task.reject(wasClosed());
  const running = [...state.threads];
  // A job that is told to stop removes what it has begun; a thread that is ended would leave it.
  await Promise.all(
    running.map(async (thread) => {
      if (thread.task) {
        Atomics.store(thread.task.stop, 0, 1);
        await taskEnd(thread);
      }
      await end(state, thread);
    }),
  );
}

/** Where the setup is eager, all threads start at once. */
export function openPool(url: URL, setup: WorkerSetup, most: number): Pool {
  const state: State = { url, setup, most, threads: new Set(), waiting: [], closed: false };
  setFlagsFromString(`--initial-old-space-size=${OLD_SPACE_MB}`);
  if (setup.isEager) for (let thread = 0; thread < most; thread++) openThread(state);
  return {
    run(job, options = {}) {
      const { signal } = options;
      if (signal?.aborted) return Promise.reject(signal.reason);
      if (state.closed) return Promise.reject(wasClosed());
      return new Promise((resolve, reject) => {
        const stop = new Int32Array(new SharedArrayBuffer(4));
        const task: Task = { job, options, stop, resolve: settled(resolve), reject: settled(reject) };
        const onAbort = () => abort(state, task);
        function settled<Value>(settle: (value: Value) => void): (value: Value) => void {
          return (value) => {
            signal?.removeEventListener('abort', onAbort);
            settle(value);
          };
        }
        signal?.addEventListener('abort', onAbort, { once: true });
        state.waiting.push(task);
        startNext(state);
      });
    },
    close: () => closeAll(state),
  };
}
