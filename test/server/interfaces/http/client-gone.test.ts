import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { openActivity } from '../../../../server/application/activity.ts';
import type { History } from '../../../../server/application/ports.ts';
import { buildApp } from '../../../../server/interfaces/http/app.ts';
import { bareSurroundings } from '../../../support/bare-surroundings.ts';
import { writeHistory } from '../../../support/dump-builder.ts';
import { openHostFeed } from '../../../support/live-feed.ts';
import { sessionsBeside } from '../../../support/sessions-beside.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { SMALL_RECORDING } from './small-recording.ts';
import { openTestAlerts, openTestGroups, serveFolder } from './test-server.ts';

/** A server whose next question about the system never ends by itself. */
async function serveEndless() {
  const dumps = tempFolder();
  writeHistory(dumps, SMALL_RECORDING);
  const real = await serveFolder(dumps, tempFolder());
  const signals: AbortSignal[] = [];
  const failures: unknown[] = [];
  const history: History = {
    ...real.history,
    whileWanted(signal, ask) {
      signals.push(signal);
      return real.history.whileWanted(signal, ask);
    },
    readSystem: () =>
      new Promise((_, reject) => {
        const signal = signals.at(-1);
        signal?.addEventListener('abort', () => reject(signal.reason));
      }),
  };
  const alerting = openTestAlerts(real.history, tempFolder());
  const surroundings = bareSurroundings('dumps');
  const services = {
    history,
    ingest: real.ingest,
    sessions: await sessionsBeside(tempFolder(), failures),
    surroundings,
    live: openHostFeed(),
    analysis: null,
    activity: openActivity(() => 0, null),
    watchGroups: openTestGroups(tempFolder()),
    ...alerting,
    regionRecords: { append: async () => undefined, read: async () => [] },
    regionWatch: { kept: () => null, close: async () => undefined },
    zone: 'UTC',
    version: '0',
    webRoot: '/nowhere',
  };
  const app = await buildApp(
    { ...services, logFailure: (error) => failures.push(error) },
    { hosts: [], publicOrigin: null, token: null, onRefusedHost: () => undefined },
  );
  await app.listen({ host: '127.0.0.1', port: 0 });
  const [address] = app.addresses();
  const { alertWatch } = alerting;
  return { signals, app, port: typeof address === 'object' ? address.port : 0, real, alertWatch };
}

test('a question is given up when its client leaves, and not when it has been answered', async () => {
  const { signals, app, port, real, alertWatch } = await serveEndless();
  const answered = await fetch(`http://127.0.0.1:${port}/healthz`);
  expect(answered.status).toBe(200);
  await answered.arrayBuffer();
  const socket = connect(port, '127.0.0.1');
  socket.write(`GET /api/v1/?format=json HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  await expect.poll(() => signals.length).toBe(2);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
  socket.destroy();
  await expect.poll(() => signals[1].aborted).toBe(true);
  expect(signals[0].aborted).toBe(false);
  await app.close();
  await alertWatch.close();
  await real.close();
});
