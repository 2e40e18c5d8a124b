import { z } from 'zod';
import type { LedgerPart } from '../../../domain/ledger.ts';
import { LEDGER_PARTS } from '../../../domain/ledger.ts';
import { epochMs, gapSchema, iso, resolutionTold, series } from '../schemas.ts';
import { eventSchema } from './events.ts';

/** GET /api/v1/ */

const ledgerShape = Object.fromEntries(
  LEDGER_PARTS.map(({ id, help }) => [`${id}_bytes`, series.describe(help)]),
) as Record<`${LedgerPart}_bytes`, typeof series>;

const rate = (meaning: string) =>
  z
    .array(z.number().nullable())
    .describe(`${meaning}, since the sample before; null after a gap and where it cannot be told`);
const percent = (meaning: string) => z.array(z.number().nullable()).describe(meaning);

const known = z.array(z.number().nullable());
const bandShape = {
  used_bytes: series,
  available_bytes: series,
  swap_used_bytes: series,
  process_rss_bytes: series,
  psi_some_avg10: known,
  psi_full_avg10: known,
  major_faults_per_second: known,
  swap_in_bytes_per_second: known,
  swap_out_bytes_per_second: known,
};

export const overviewAnswer = z.object({
  host: z.string(),
  hosts: z.array(z.string()),
  coverage: z.object({
    from: iso,
    to: iso,
    samples: z.number(),
    duration_seconds: z.number(),
    covered_ratio: z.number(),
    gaps: z.array(gapSchema),
  }),
  series: z.object({
    t: epochMs,
    mem_total_bytes: series,
    used_bytes: series,
    used_htop_bytes: series,
    available_bytes: series,
    shmem_bytes: series,
    swap_total_bytes: series,
    swap_used_bytes: series,
    process_rss_bytes: series,
    ledger: z
      .object(ledgerShape)
      .describe('Parts of MemTotal that add up to it; a part that the dump does not tell is null'),
    psi_some_avg10: percent('Percent of the time in which some task waited for memory'),
    psi_full_avg10: percent('Percent of the time in which all tasks waited for memory'),
    major_faults_per_second: rate('Faults that had to read from disk'),
    swap_in_bytes_per_second: rate('Read from swap'),
    swap_out_bytes_per_second: rate('Written to swap'),
  }),
  bands: z
    .object({ min: z.object(bandShape), max: z.object(bandShape) })
    .optional()
    .describe('The smallest and the largest sample of each step, where steps are told'),
  resolution: resolutionTold,
  step_ms: z.number().nullable(),
  method: z
    .enum(['raw', 'm4', 'buckets'])
    .describe('Thinning: none; four samples a pixel; the mean of each step'),
  raw_points: z.number(),
  demo: z.boolean().describe('The folder holds a generated recording, not a real one.'),
  events: z.array(eventSchema).describe('Of the range, the newest 500'),
  answer: z.null().describe('Always null: /api/v1/answer tells it, so that charts need not wait for it'),
});

export type OverviewAnswer = z.infer<typeof overviewAnswer>;
