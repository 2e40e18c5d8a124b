import { nodeFileSystem } from '../../collector/dump-file-system.ts';
import { readRecorderRequest } from '../../collector/options.ts';
import { openRecorder } from '../../collector/recorder.ts';
import { watchFileSystem } from './fake-world.ts';

/**
 * A recorder that is going to be killed, in a process of its own.
 * Usage: node THIS PROC OUT every MS [COUNT]    samples until it is killed; prints a line after the first dump
 *        node THIS PROC OUT kill K              one sample, but kills itself before its K-th system call; with 0 it
 *                                               lives, and prints how many there were
 */
const [procRoot, out, mode, number, count] = process.argv.slice(2);
const isLooping = mode === 'every';
let calls = 0;
let isTold = false;

function tell(line: string): void {
  if (!isTold) console.log(line);
  isTold = true;
}

/** Where the test that should have killed it was killed itself. */
const LONGEST_MS = 120_000;

const fileSystem = watchFileSystem(() => {
  if (++calls === Number(number) && !isLooping) process.kill(process.pid, 'SIGKILL');
}, nodeFileSystem);
/** Retention has tests of its own; here nothing but the recorder itself removes anything. */
const NO_RETENTION = ['--keep', 'forever', '--max-bytes', 'unlimited', '--keep-free', 'off'];
const request = readRecorderRequest(['--out', out, ...NO_RETENTION], 'doomed-recorder');
if (request.kind !== 'record') throw new Error('no help was asked for');
const options = {
  ...request.options,
  once: !isLooping,
  intervalMs: isLooping ? Number(number) : null,
  count: count === undefined ? null : Number(count),
  durationMs: isLooping ? LONGEST_MS : null,
};
process.exitCode = await openRecorder(options, {
  fileSystem,
  procRoot,
  onDump: () => isLooping && tell('recording'),
}).done;
tell(String(calls));
