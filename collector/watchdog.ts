import { execFile } from 'node:child_process';
import { describeSystemError } from './system-error.ts';

/**
 * Tells the service manager that this process lives, sd_notify(3): one whose event loop hangs tells nothing and is
 * started anew (`WatchdogSec=` of its unit). Node has no datagram sockets of the file system, so systemd's own program
 * says it, each half of the time that the manager waits.
 */

const PROGRAM = 'systemd-notify';
const PERIODS = 2;

export interface WatchdogWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Why nothing can be told, once. */
  readonly log: (line: string) => void;
}

/** How long the manager waits, ms; `null`: it does not wait for this process. */
function patienceOf({ WATCHDOG_USEC, WATCHDOG_PID, NOTIFY_SOCKET }: WatchdogWorld['env']): number | null {
  const ms = Number(WATCHDOG_USEC) / 1000;
  const isOurs = WATCHDOG_PID === undefined || Number(WATCHDOG_PID) === process.pid;
  return NOTIFY_SOCKET && isOurs && ms > 0 ? ms : null;
}

/** @returns what ends it */
export function keepWatchdogQuiet({ env, log }: WatchdogWorld): () => void {
  const patience = patienceOf(env);
  if (patience === null) return () => undefined;
  let hasFailed = false;
  const tell = () =>
    execFile(PROGRAM, ['WATCHDOG=1'], { timeout: patience / PERIODS }, (error) => {
      if (error && !hasFailed) log(`the service manager could not be told: ${describeSystemError(error)}`);
      hasFailed ||= error !== null;
    }).unref();
  tell();
  const timer = setInterval(tell, patience / PERIODS);
  timer.unref();
  return () => clearInterval(timer);
}
