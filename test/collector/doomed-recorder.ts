import { nodeFileSystem } from '../../collector/dump-file-system.ts';
import { defaultRecorderOptions } from '../../collector/options.ts';
import { openRecorder } from '../../collector/recorder.ts';
import { watchFileSystem } from './fake-world.ts';

/**
 * A recorder that is going to be killed, in a process of its own.
 * Usage: node THIS PROC OUT every MS    samples until it is killed; prints a line after the first dump
 *        node THIS PROC OUT kill K      one sample, but kills itself before its K-th system call; with 0 it lives,
 *                                       and prints how many there were
 */
const [procRoot, out, mode, number] = process.argv.slice(2);
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
const options = {
  ...defaultRecorderOptions(),
  out,
  once: !isLooping,
  intervalMs: isLooping ? Number(number) : null,
  durationMs: isLooping ? LONGEST_MS : null,
};
process.exitCode = await openRecorder(options, {
  fileSystem,
  procRoot,
  onDump: () => isLooping && tell('recording'),
}).done;
tell(String(calls));
