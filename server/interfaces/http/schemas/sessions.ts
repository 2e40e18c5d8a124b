import { z } from 'zod';
import { PART_KINDS } from '../../../domain/compare-sessions.ts';
import { SESSION_STATES } from '../../../domain/session.ts';
import { THRESHOLD_IDS, VERDICTS } from '../../../domain/session-thresholds.ts';
import { bytes, epochMs, gapSchema, iso, series } from '../schemas.ts';

/** Sessions, what one held, and two side by side. */

export const sessionSchema = z.object({
  name: z.string(),
  label: z.string().nullable(),
  group: z.string().nullable().describe('Watch group that is shown; the whole host is recorded'),
  state: z.enum(SESSION_STATES).describe('interrupted: nobody ended it, and nobody records it any more'),
  interval_seconds: z.number(),
  duration_seconds: z.number(),
  started: iso,
  ends: iso.describe('When it ends by itself'),
  ended: iso.nullable(),
  samples: z.number(),
  bytes: bytes.describe('Of its dumps'),
  last_sample: iso.nullable(),
  peak_used_bytes: bytes.nullable().describe('Largest used memory of the host; null until it is over'),
  said: z.string().nullable().describe('What its recorder said last'),
});

export const sessionsAnswer = z.object({
  now: iso.describe('By the server’s clock'),
  sessions: z.array(sessionSchema).describe('The one that was begun last first'),
  unreadable: z
    .array(z.object({ name: z.string(), reason: z.string() }))
    .describe('Folders that are not as a session’s'),
});

const figures = {
  samples: z.number().describe('In which it was there, of which all other figures are'),
  first_bytes: bytes.nullable(),
  last_bytes: bytes.nullable(),
  min_bytes: bytes.nullable(),
  mean_bytes: bytes.nullable(),
  max_bytes: bytes.nullable(),
  growth_bytes: bytes.nullable().describe('Last less first; null with less than two samples'),
  peak: iso.nullable().describe('When it was first the largest'),
};

const memory = {
  ...figures,
  pss: z
    .object(figures)
    .describe('Over the samples in which it was read of each process: it is read on a budget'),
};

const upperBound = z.boolean().describe('Several processes: pages that they share count once each');

const part = z.object({
  name: z.string(),
  processes: z.number().describe('The most at once'),
  rss_is_upper_bound: upperBound,
  ...memory,
});

const life = z.object({
  key: z.string(),
  pid: z.number(),
  cmd: z.string().nullable(),
  comm: z.string().nullable(),
  user: z.string().nullable(),
  ...memory,
});

const shownGroup = {
  group: z.string().nullable(),
  missing_group: z
    .string()
    .nullable()
    .describe('The session’s group, where there is none of that name any more'),
};

export const sessionSeriesAnswer = z.object({
  t: epochMs,
  used_bytes: series,
  members: z.array(z.object({ name: z.string(), rss_bytes: series })),
});

export const sessionAnswer = z.object({
  session: sessionSchema,
  host: z.string().nullable(),
  ...shownGroup,
  coverage: z
    .object({
      from: iso,
      to: iso,
      samples: z.number(),
      covered_seconds: z.number(),
      covered_ratio: z.number(),
      gaps: z.array(gapSchema),
    })
    .nullable(),
  rejects: z.number().describe('Files and lines that could not be used'),
  used: z.object(figures),
  total: part.nullable().describe('The watch group, each process once'),
  members: z.array(part),
  ambiguous: z.number().describe('The most processes at once that several members match'),
  programs: z.array(part).describe('The 20 with the largest peaks'),
  programs_total: z.number(),
  largest: z.array(life).describe('The 20 with the largest peaks'),
  grown: z.array(life).describe('The 20 that grew most'),
  lives_total: z.number(),
  series: sessionSeriesAnswer,
  step_ms: z.number().nullable(),
  raw_points: z.number(),
});

const compared = z.object({
  kind: z.enum(PART_KINDS),
  name: z.string(),
  a: z.object(memory).describe('RSS; of the host used memory'),
  b: z.object(memory),
  mean_delta_bytes: bytes.nullable().describe('B less A; what was not there held nothing'),
  peak_delta_bytes: bytes.nullable(),
  pss_mean_delta_bytes: bytes.nullable(),
  pss_peak_delta_bytes: bytes.nullable(),
  rss_is_upper_bound: upperBound,
});

const check = z.object({
  threshold: z.enum(THRESHOLD_IDS),
  verdict: z.enum(VERDICTS).describe('inconclusive: what it hangs on is not known, or may still change'),
  limit_bytes: bytes.nullable(),
  value_bytes: bytes.nullable(),
  text: z.string(),
});

export const comparisonAnswer = z.object({
  a: sessionSchema,
  b: sessionSchema,
  ...shownGroup,
  rows: z.array(compared).describe('Host, group, members, then the programs that differ most'),
  programs_total: z.number(),
  subject: z.object({ kind: z.enum(PART_KINDS), name: z.string() }).describe('What thresholds are about'),
  checks: z.array(check),
  verdict: z.enum(VERDICTS).nullable().describe('null: no threshold was given'),
});

export const sessionsPageAnswer = z.object({
  ...sessionsAnswer.shape,
  groups: z.array(z.string()).describe('Names of the watch groups'),
  summary: sessionAnswer.nullable().describe('With name='),
  comparison: comparisonAnswer.nullable().describe('With a= and b='),
});

export const removedAnswer = z.object({ name: z.string(), samples: z.number(), bytes });

export type SessionAnswer = z.infer<typeof sessionAnswer>;
export type SessionItem = z.infer<typeof sessionSchema>;
export type SessionFiguresItem = z.infer<typeof part>;
export type SessionLifeItem = z.infer<typeof life>;
export type ComparisonAnswer = z.infer<typeof comparisonAnswer>;
export type ComparedItem = z.infer<typeof compared>;
export type SessionsPageAnswer = z.infer<typeof sessionsPageAnswer>;
