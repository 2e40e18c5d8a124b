import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoScenario } from '../demo-host/demo-scenario.ts';
import { simulateHost } from '../demo-host/simulate-host.ts';
import { writeSample } from '../demo-host/write-sample.ts';
import { benchDecode } from './decode.ts';
import { benchIngest, readAll } from './ingest.ts';
import { print } from './measure.ts';
import { benchPages } from './pages.ts';
import { benchSample } from './sample.ts';
import { benchTree } from './tree.ts';

/** A day of minutes of about 300 processes, generated; and this host's own processes. */
const DAY = {
  days: 1,
  intervalSeconds: 60,
  processes: 300,
  seed: 1,
  end: Date.parse('2026-03-04T00:00:00Z'),
};

const samples = [...simulateHost(demoScenario(DAY))];
const rows = samples.reduce((sum, { processes }) => sum + (processes?.count ?? 0), 0);
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
try {
  for (const sample of samples) writeSample(folder, sample, 'v2');
  console.log(`${samples.length} samples, ${rows} process rows, Node ${process.version}\n`);
  const history = await readAll(folder);
  print([
    ...(await benchTree()),
    ...(await benchDecode(samples)),
    ...(await benchIngest(folder, rows)),
    ...(await benchPages(history, folder)),
    ...(await benchSample()),
  ]);
  await history.close();
} finally {
  rmSync(folder, { recursive: true });
}
