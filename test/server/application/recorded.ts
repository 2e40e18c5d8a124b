import { openHistory } from '../../../server/adapters/history/history.ts';
import type { History } from '../../../server/application/ports.ts';
import type { DumpFormat } from '../../../server/domain/dump-format.ts';
import { emptyProcessTable } from '../../../server/domain/dump-format.ts';
import type { Sample } from '../../../server/domain/sample.ts';
import type { ProcessLiteral, SampleLiteral } from '../../support/dump-builder.ts';
import { buildSample } from '../../support/dump-builder.ts';

/** Histories in memory from literals, without the detour over files. */

/** What a seed dump does not hold is not known. */
function forgetStart(sample: Sample): Sample {
  if (!sample.processes) return sample;
  const { start_ticks } = emptyProcessTable(sample.processes.count).numbers;
  const numbers = { ...sample.processes.numbers, start_ticks };
  return { ...sample, processes: { ...sample.processes, numbers } };
}

export function sampleOf(literal: SampleLiteral, format: DumpFormat = 'v2'): Sample {
  const sample = buildSample(literal, format);
  return format === 'seed' ? forgetStart(sample) : sample;
}

export async function historyOf(
  literals: readonly SampleLiteral[],
  format: DumpFormat = 'v2',
): Promise<History> {
  const history = await openHistory();
  for (const literal of literals) await history.append(sampleOf(literal, format));
  return history;
}

/** One sample a minute. */
export function minutes(...processes: readonly (readonly ProcessLiteral[] | null)[]): SampleLiteral[] {
  return processes.map((rows, index) => ({ t: index * 60, processes: rows }));
}

/** One sample a minute of a recorder that tells no interval and no boot, as the predecessor's. */
export function seedMinutes(...processes: readonly (readonly ProcessLiteral[] | null)[]): SampleLiteral[] {
  return minutes(...processes).map((sample) => ({ ...sample, boot: null, interval: null, uptime: null }));
}
