import { parse } from 'csv-parse/sync';
import { DEFAULT_CAPS } from '../../server/adapters/dumps/caps.ts';
import { endDecoding, openProcessDecoder, pushBytes } from '../../server/adapters/dumps/decode-process.ts';
import { openLayoutCache } from '../../server/adapters/dumps/layout-cache.ts';
import { encodeProcessFile } from '../../server/domain/dump-format.ts';
import type { Sample } from '../../server/domain/sample.ts';
import type { Measured } from './measure.ts';
import { wallMs } from './measure.ts';

const FILES = 200;

/** The same process files, decoded to columns by us and to arrays of strings by csv-parse. */
export async function benchDecode(samples: readonly Sample[]): Promise<Measured[]> {
  const files = samples
    .flatMap(({ processes }) => (processes ? [Buffer.from(encodeProcessFile(processes, 'v2'))] : []))
    .slice(0, FILES);
  const layouts = openLayoutCache(DEFAULT_CAPS);
  const ours = await wallMs(5, () => {
    for (const bytes of files) {
      const decoder = openProcessDecoder({ file: 'f', format: 'v2', caps: DEFAULT_CAPS, layouts });
      pushBytes(decoder, bytes);
      endDecoding(decoder, () => false);
    }
  });
  const theirs = await wallMs(3, () => files.map((bytes) => parse(bytes)));
  const rows = samples.slice(0, FILES).reduce((sum, { processes }) => sum + (processes?.count ?? 0), 0);
  return [{ what: `decode ${rows} process rows`, ours, peer: 'csv-parse', theirs, unit: 'ms' }];
}
