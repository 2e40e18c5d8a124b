import { z } from 'zod';
import { epochMs, gapSchema, iso, series } from '../schemas.ts';
import { eventSchema } from './events.ts';

/** GET /api/v1/minimap */

export const minimapAnswer = z.object({
  host: z.string(),
  from: iso,
  to: iso,
  zone: z.string().describe('Zone that instants without one are read in: the host as the server was told'),
  newest: iso.describe('Instant of the newest sample'),
  t: epochMs.describe('Of each stretch of the recording the sample in which most memory was used'),
  used_bytes: series,
  mem_total_bytes: series,
  gaps: z.array(gapSchema),
  events: z.array(eventSchema).describe('Of the whole recording, the newest 500'),
});

export type MinimapAnswer = z.infer<typeof minimapAnswer>;
