import { z } from 'zod';
import {
  bytes,
  comparison,
  epochMs,
  hidden,
  iso,
  levels,
  neighbours,
  series,
  totals,
  treeRow,
} from '../schemas.ts';

/** GET /api/v1/snapshot and the lines beside its rows. */

export const snapshotAnswer = z.object({
  ts: iso,
  ...neighbours,
  host: z.string(),
  mem_total_bytes: bytes.nullable(),
  used_bytes: bytes.nullable().describe('MemTotal − MemAvailable'),
  ...comparison,
  levels: levels.describe('Of the whole tree, whatever the filter'),
  rows: z
    .array(treeRow)
    .describe('Depth first, siblings by sort; ancestors of what matches are there with matched: false'),
  totals,
  matched: z.number(),
  shown: z.number(),
  hidden,
});

export const sparklinesAnswer = z.object({
  ts: iso,
  host: z.string(),
  t: epochMs.describe(
    'At most 60 instants of samples with processes, evenly of those in the window, up to ts',
  ),
  series: z
    .record(z.string(), z.object({ subtree_rss_bytes: series }))
    .describe('By process key; null: not alive then. A key that the host does not have is absent'),
});

export type SnapshotAnswer = z.infer<typeof snapshotAnswer>;
export type SparklinesAnswer = z.infer<typeof sparklinesAnswer>;
