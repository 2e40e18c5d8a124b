import { parentPort, workerData } from 'node:worker_threads';
import { openDumpFolder } from './adapters/dumps/dump-folder.ts';
import { openSealing } from './adapters/history/seal/open-sealing.ts';
import type { WorkerSetup } from './adapters/sealing/messages.ts';
import { serveJobs } from './adapters/sealing/serve-jobs.ts';

/** The composition root of the threads that seal: they read dumps and write segments, and know nothing else. */

const { dumps: root, timeZone, index, caps, isEager } = workerData as WorkerSetup;

if (!parentPort) throw new Error('this is a thread of pmi, not a program');
serveJobs(
  parentPort,
  () => openSealing({ index, root, folder: openDumpFolder({ root, timeZone, caps, reuseTables: true }) }),
  isEager,
);
