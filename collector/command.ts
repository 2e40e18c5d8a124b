import { MemoryInspectorError } from '../server/domain/errors.ts';
import { describeFailure } from './failure-log.ts';
import type { RecorderOptions } from './options.ts';
import { readRecorderRequest } from './options.ts';
import type { RunningRecorder } from './recorder.ts';
import { EXIT, openRecorder } from './recorder.ts';
import type { WrittenDump } from './recording-session.ts';
import { keepWatchdogQuiet } from './watchdog.ts';

/** The recorder as a command: words in, exit code out, people told on stderr. */

/** Not SIGHUP: a handler would undo nohup(1). */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const CLEAR_LINE = '\r\x1b[K';

interface Progress {
  dump(dump: WrittenDump): void;
  log(line: string): void;
  note(line: string): void;
  end(): void;
}

function describeDump({ systemFile, processes, tookMs }: WrittenDump): string {
  return `${systemFile}, ${processes} processes, ${tookMs.toFixed(1)} ms`;
}

/** The first dump's path; then, at a terminal only, one line that keeps up with the recording. */
function openProgress(program: string, { quiet, once }: RecorderOptions): Progress {
  const { stderr } = process;
  let dumps = 0;
  let isLineOpen = false;
  const say = (line: string) => {
    stderr.write(`${isLineOpen ? CLEAR_LINE : ''}${line}\n`);
    isLineOpen = false;
  };
  return {
    dump(dump) {
      dumps++;
      if (quiet) return;
      if (dumps === 1) say(`${once ? 'recorded' : 'recording:'} ${describeDump(dump)}`);
      else if (stderr.isTTY) {
        stderr.write(`${CLEAR_LINE}${dumps} samples, last ${describeDump(dump)}`);
        isLineOpen = true;
      }
    },
    log: (line) => say(`${program}: ${line}`),
    note(line) {
      if (!quiet) say(`${program}: ${line}`);
    },
    end() {
      if (isLineOpen) stderr.write('\n');
      isLineOpen = false;
    },
  };
}

async function untilDone(recorder: RunningRecorder): Promise<number> {
  for (const signal of SIGNALS) process.on(signal, recorder.stop);
  try {
    return await recorder.done;
  } finally {
    for (const signal of SIGNALS) process.off(signal, recorder.stop);
  }
}

/** A thread that waits in the kernel would keep this process for ever; only a signal ends it then. */
function endAtOnce({ log }: Progress): void {
  log('ends by SIGTERM: the kernel has not answered a read of a process that waits');
  process.kill(process.pid, 'SIGTERM');
}

async function record(options: RecorderOptions, program: string): Promise<number> {
  const progress = openProgress(program, options);
  const recorder = openRecorder(options, { log: progress.log, note: progress.note, onDump: progress.dump });
  const end = keepWatchdogQuiet({ env: process.env, log: progress.log });
  const exit = await untilDone(recorder);
  end();
  progress.end();
  if (recorder.isStuck()) endAtOnce(progress);
  return exit;
}

/** A closed pipe on our output is no reason to stop recording. */
function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/**
 * `pmi collect` and `node dist/collector.js`.
 * @param argv the words after the command's name
 * @param program how the reader calls it, for messages
 * @returns the exit code: 0 done (by a signal too), 2 usage, 3 a sample failed, 70 a bug
 */
export async function runCollectCommand(argv: readonly string[], program: string): Promise<number> {
  ignoreClosedPipes();
  try {
    const request = readRecorderRequest(argv, program);
    if (request.kind === 'record') return await record(request.options, program);
    process.stdout.write(request.text);
    return EXIT.ok;
  } catch (error) {
    process.stderr.write(`${program}: ${describeFailure(error)}\n`);
    return error instanceof MemoryInspectorError ? EXIT.usage : EXIT.bug;
  }
}
