import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The built program over a folder of dumps, on a free port. */
export interface RunningSite {
  readonly origin: string;
  /** Status of a page, as a browser asks for it. */
  readonly statusOf: (href: string) => Promise<number>;
  readonly json: <T>(href: string) => Promise<T>;
  /** @param signal default SIGTERM: it ends in order */
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>;
}

const PROGRAM = join(import.meta.dirname, '../../../dist/pmi.js');
const STARTS_WITHIN_MS = 20_000;

function launch(folder: string, port: string) {
  if (!existsSync(PROGRAM)) throw new Error('dist/pmi.js is missing: npm run build');
  const program = spawn(
    process.execPath,
    [PROGRAM, 'serve', '--dumps', folder, '--port', port, '--tz', 'UTC'],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      // The configuration of who runs the tests is not looked at.
      env: { ...process.env, XDG_CONFIG_HOME: join(folder, '.config') },
    },
  );
  const address = new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no address from pmi serve: ${told}`)), STARTS_WITHIN_MS);
    let told = '';
    const listen = (chunk: Buffer) => {
      told += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(told);
      if (!found) return;
      clearTimeout(late);
      resolve(found[0]);
    };
    program.stdout.on('data', listen);
    program.stderr.on('data', listen);
    program.once('exit', (code) => reject(new Error(`pmi serve ended with ${code}: ${told}`)));
  });
  return { program, address };
}

async function untilRead(origin: string): Promise<void> {
  for (;;) {
    const health = (await (await fetch(`${origin}/healthz`)).json()) as { ingest: { state: string } };
    if (health.ingest.state === 'idle') return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** @param port any that is free, unless the server is to come back where another was */
export async function startServer(folder: string, port = '0'): Promise<RunningSite> {
  const { program, address } = launch(folder, port);
  const origin = await address;
  await untilRead(origin);
  const ask = (href: string, accept: string) => fetch(new URL(href, origin), { headers: { accept } });
  return {
    origin,
    statusOf: async (href) => {
      const response = await ask(href, 'text/html');
      await response.arrayBuffer();
      return response.status;
    },
    json: async <T>(href: string) => (await (await ask(href, 'application/json')).json()) as T,
    stop: (signal = 'SIGTERM') =>
      new Promise((resolve) => {
        program.once('exit', () => resolve());
        program.kill(signal);
      }),
  };
}
