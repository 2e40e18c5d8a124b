import { z } from 'zod';
import { LIVE, parseLivePlace } from '../../../domain/live-point.ts';
import { integer, numeric, oneOf, optional } from './parameters.ts';
import { figuresQuery } from './queries.ts';

/** Parameters of what is now: the feed, and the addresses of the dashboards. */

const PLACE = { error: 'FEED.SEQ.T: feed and seq of a message, and t of its point.' };
export const liveStreamQuery = z.object({
  n: numeric(
    integer(1, LIVE.ring, 'How many of the newest points, where after is not given.').default(LIVE.initial),
  ),
  after: optional(
    z
      .string(PLACE)
      .refine((text) => parseLivePlace(text) !== null, PLACE)
      .describe(`The last point that the client has, ${PLACE.error} It gets all since.`),
  ),
});

export const liveQuery = z.object({ ...figuresQuery.shape, ...liveStreamQuery.shape });

/** Of the dashboards that this product took over. */
const monitor = optional(
  oneOf(['true', 'false'], 'true: asked by a watchdog, which does not keep the server up.'),
);
export const dashboardQuery = z.object({ monitor });
export const dashboardHistoryQuery = z.object({ monitor, n: liveStreamQuery.shape.n });
export const dashboardRangeQuery = z.object({
  monitor,
  hours: numeric(integer(1, 24 * 400, 'How far back from the newest sample.').default(24)),
});
const SECONDS = { error: `Seconds, ${LIVE.interval.min} … ${LIVE.interval.max}.` };
export const startMonitoringQuery = z.object({
  interval: numeric(
    z
      .number(SECONDS)
      .min(LIVE.interval.min, SECONDS)
      .max(LIVE.interval.max, SECONDS)
      .describe('Seconds between two readings; default as before.')
      .optional(),
  ),
});

export type LiveStreamQuery = z.infer<typeof liveStreamQuery>;
