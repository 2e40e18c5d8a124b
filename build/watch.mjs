import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';

/** An editor saves several files at once, and one file in several steps. */
const SETTLE_MS = 100;

async function stop(program) {
  if (!program || program.exitCode !== null || program.signalCode !== null) return;
  program.kill('SIGTERM');
  await once(program, 'exit');
}

/** One build at a time; changes made meanwhile cause one more. A failed build leaves the program running. */
export function buildOnEachChange(build, folders, command) {
  let program;
  let timer;
  let building = Promise.resolve();
  const rebuild = async () => {
    await build();
    await stop(program);
    program = spawn(process.execPath, command, { stdio: 'inherit' });
  };
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      building = building.then(rebuild).catch(reportFailure);
    }, SETTLE_MS);
  };
  for (const folder of folders) watch(folder, { recursive: true }, changed);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => stop(program).then(() => process.exit(0)));
  }
  changed();
}

/** esbuild has printed its own findings; anything else is told in full. */
function reportFailure(error) {
  console.error(Array.isArray(error.errors) ? 'build failed' : error);
}
