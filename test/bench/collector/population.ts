import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Processes that do nothing, as many as asked for. */
export interface Population {
  end(): void;
}

const SCRIPT = 'i=0; while [ $i -lt "$0" ]; do sleep 86400 & i=$((i+1)); done; echo ready; wait';

/** Starts sleepers by one small shell, in a process group of their own. */
export async function startPopulation(count: number): Promise<Population> {
  const shell = spawn('sh', ['-c', SCRIPT, String(count)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { pid } = shell;
  if (pid === undefined) throw new Error('sh did not start');
  const end = () => {
    process.removeListener('exit', end);
    process.kill(-pid, 'SIGKILL');
  };
  process.on('exit', end);
  await once(shell.stdout, 'data');
  return { end };
}
