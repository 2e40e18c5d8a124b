import { z } from 'zod';
import { EVENT_KINDS } from '../../../domain/events.ts';
import { GAP_REASONS } from '../../../domain/timeline.ts';

/** GET /api/v1/events, and the events of charts. */

export const eventSchema = z.object({
  t: z.number().describe('Epoch milliseconds; of a stretch its begin'),
  to: z.number().optional().describe('End of a stretch, epoch milliseconds'),
  kind: z.enum(EVENT_KINDS),
  text: z.string().describe("What happened, in words; times are of the server's zone"),
  reason: z.enum(GAP_REASONS).optional().describe('Of a gap'),
  count: z.number().optional().describe('Of oom_kill: how many processes'),
  pid: z.number().optional(),
  key: z.string().optional(),
  cmd: z.string().nullable().optional().describe('Dump notation; of an exec the new command'),
  rule: z.string().optional().describe('Of an alert: its rule'),
});

export const eventsAnswer = z.object({
  host: z.string(),
  events: z.array(eventSchema).describe('Oldest first; of more than 500 the newest'),
  total: z.number(),
});

export type EventView = z.infer<typeof eventSchema>;
export type EventsAnswer = z.infer<typeof eventsAnswer>;
