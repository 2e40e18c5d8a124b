import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openDumpFolder } from '../../../server/adapters/dumps/dump-folder.ts';
import { openSealing } from '../../../server/adapters/history/seal/open-sealing.ts';
import { formatDay } from '../../../server/domain/stamp.ts';

export interface SealedRecording {
  readonly samples: number;
  readonly rows: number;
  readonly minutes: number;
  /** Of all files of its index. */
  readonly bytes: number;
}

/** The last day of a recording, sealed as it will be when it is over. */
export async function sealRecording(dumps: string, index: string): Promise<SealedRecording> {
  const { pairs } = await openDumpFolder({ root: dumps, timeZone: 'UTC' }).list();
  const whole = pairs.filter(({ processFile, systemFile }) => processFile !== null && systemFile !== null);
  const last = whole[whole.length - 1];
  if (!last) throw new Error(`${dumps} has no dumps`);
  const date = formatDay(last.stampInstant);
  const ofDay = whole.filter(({ stampInstant }) => formatDay(stampInstant) === date);
  const folder = openDumpFolder({ root: dumps, timeZone: 'UTC', reuseTables: true });
  const sealing = await openSealing({ index, root: dumps, folder });
  const stretch = { date, pairs: ofDay, isWholeDay: true };
  const { samples, rows } = await sealing.seal(stretch, {
    check: () => undefined,
    onProgress: () => undefined,
  });
  sealing.close();
  const files = readdirSync(index, { recursive: true, encoding: 'utf8' }).map((name) =>
    statSync(join(index, name)),
  );
  const bytes = files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
  return { samples, rows, minutes: (last.stampInstant - ofDay[0].stampInstant) / 60_000, bytes };
}
