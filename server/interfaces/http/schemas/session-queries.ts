import { z } from 'zod';
import { LIMIT } from '../../../domain/process-filter.ts';
import { SESSION } from '../../../domain/session.ts';
import type { SessionThresholdId } from '../../../domain/session-thresholds.ts';
import { THRESHOLD_HELP, THRESHOLD_IDS } from '../../../domain/session-thresholds.ts';
import { common, integer, numeric, optional, width } from './parameters.ts';
import { strict } from './watch-groups.ts';

/** What routes of sessions are asked for. Names are judged by the domain, which says what they may be. */

const name = (meaning: string) => z.string({ error: meaning }).max(200).describe(meaning);
const text = (meaning: string) => optional(z.string().max(200).describe(meaning));
const group = text('Watch group to show in place of the session’s own');
const px = width(1200);

const limits = Object.fromEntries(THRESHOLD_IDS.map((id) => [id, text(THRESHOLD_HELP[id])])) as Record<
  SessionThresholdId,
  ReturnType<typeof text>
>;
const comparison = {
  ...limits,
  group,
  member: text('Thresholds are about this member of the group'),
  program: text('Thresholds are about this program; else the group, else the host'),
  limit: numeric(integer(LIMIT.min, LIMIT.max, 'Most programs, those that differ most.').default(20)),
};
const { format, raw } = common;

export const sessionParams = z.object({ name: name('Of a session') });
export const sessionsQuery = z.object({ format, raw });
export const sessionQuery = z.object({ format, raw, group, px });
export const comparisonQuery = z.object({
  format,
  raw,
  a: name('A session: before'),
  b: name('A session: after'),
  ...comparison,
});
export const sessionsPageQuery = z.object({
  format,
  raw,
  name: text('The session to show'),
  a: text('Two sessions side by side: before'),
  b: text('and after'),
  ...comparison,
  px,
});

const seconds = ({ min, max }: { min: number; max: number }, meaning: string) =>
  z.number({ error: `A number of seconds, ${min} … ${max}.` }).describe(meaning);

export const sessionBody = strict(
  {
    name: name('Of the session'),
    label: z.string().max(SESSION.label).nullable().default(null),
    group: z.string().max(200).nullable().default(null),
    interval_seconds: seconds(SESSION.interval, 'Between samples').default(SESSION.interval.default),
    duration_seconds: seconds(SESSION.duration, 'For how long').default(SESSION.duration.default),
  },
  'What is to be recorded.',
);
