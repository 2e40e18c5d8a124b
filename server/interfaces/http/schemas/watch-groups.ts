import { z } from 'zod';
import { parseRegionInterval, REGION_INTERVAL_HELP } from '../../../domain/region-cadence.ts';
import type { WatchGroup, WatchMember, WatchRule } from '../../../domain/watch-group.ts';
import {
  GROUP_NAME,
  GROUP_NAME_HELP,
  MEMBER_NAME,
  MEMBER_NAME_HELP,
  WATCH_LIMITS,
  WATCH_RULE_FIELDS,
} from '../../../domain/watch-group.ts';
import { bytes, epochMs, gapSchema, iso, series, totals } from '../schemas.ts';

/** Watch groups as the configuration file holds them and the API takes and gives them. */

const TEXT_HELP = `A text of 1 to ${WATCH_LIMITS.text} characters.`;
const PID_HELP = `A whole number, 1 … ${WATCH_LIMITS.pid}.`;

const text = z
  .string({ error: TEXT_HELP })
  .min(1, { error: TEXT_HELP })
  .max(WATCH_LIMITS.text, { error: TEXT_HELP });
const pid = z.int({ error: PID_HELP }).min(1, { error: PID_HELP }).max(WATCH_LIMITS.pid, { error: PID_HELP });

const ruleShape = Object.fromEntries(
  WATCH_RULE_FIELDS.map(({ id, help }) => [id, (id === 'pid' ? pid : text).describe(help).optional()]),
);

/** What is misspelt would match more than was meant: only known names are taken. */
export function strict<Shape extends z.core.$ZodLooseShape>(shape: Shape, meaning: string) {
  const known = Object.keys(shape).join(', ');
  const error = ({ code, keys }: { code?: string | undefined; keys?: readonly string[] }) =>
    code === 'unrecognized_keys'
      ? `There is no ${keys?.join(', ')}; known: ${known}.`
      : `An object with ${known}.`;
  return z.strictObject(shape, { error: error as z.core.$ZodErrorMap }).describe(meaning);
}

const RULE_HELP = `At least one of ${WATCH_RULE_FIELDS.map(({ id }) => id).join(', ')}.`;

const rule = strict(ruleShape, 'What must all hold of a process; at least one is given.')
  .refine((given) => Object.values(given).some((value) => value !== undefined), { error: RULE_HELP })
  .meta({ minProperties: 1 }) as unknown as z.ZodType<WatchRule>;

const member = strict(
  {
    name: z
      .string({ error: MEMBER_NAME_HELP })
      .regex(MEMBER_NAME, { error: MEMBER_NAME_HELP })
      .describe(`What this part is called: ${MEMBER_NAME_HELP}`),
    rule,
  },
  'A part of a group. A process counts for the first member that it matches.',
) as z.ZodType<WatchMember>;

/** Says of the second of two of one name where it stands. */
function uniqueNames(list: readonly { readonly name: string }[], context: z.core.$RefinementCtx): void {
  const names = list.map(({ name }) => name);
  const again = names.findIndex((name, at) => names.indexOf(name) < at);
  if (again >= 0)
    context.addIssue({ code: 'custom', path: [again, 'name'], message: `${names[again]} is there twice.` });
}

function listOf<Item extends { readonly name: string }>(item: z.ZodType<Item>, min: number, max: number) {
  const error = `A list of ${min} to ${max}.`;
  return z.array(item, { error }).min(min, { error }).max(max, { error }).superRefine(uniqueNames);
}

export const groupName = z
  .string({ error: GROUP_NAME_HELP })
  .regex(GROUP_NAME, { error: GROUP_NAME_HELP })
  .describe(`What the group is called: ${GROUP_NAME_HELP}`);

const members = listOf(member, 1, WATCH_LIMITS.members);

const regions = z
  .string({ error: REGION_INTERVAL_HELP })
  .refine((given) => parseRegionInterval(given) !== null, { error: REGION_INTERVAL_HELP })
  .describe(
    `How often sums of the memory regions of its processes are kept: ${REGION_INTERVAL_HELP} Not at all without.`,
  )
  .optional();

const watchGroup = strict(
  { name: groupName, members, regions },
  'Processes that are watched together.',
) as z.ZodType<WatchGroup>;

export const watchGroups = listOf(watchGroup, 0, WATCH_LIMITS.groups).describe(
  'Watch groups, in the order in which they are shown.',
);

/** PUT: the name stands in the address. */
export const watchGroupBody = strict({ members, regions }, 'What the group is to be.');
export const watchGroupParams = z.object({ name: groupName });

const watchedRow = z.object({
  pid: z.number(),
  key: z.string(),
  user: z.string().nullable(),
  cmd: z.string().nullable().describe('Dump notation'),
  comm: z.string().nullable(),
  rss_bytes: bytes,
  pss_bytes: bytes.nullable(),
  swap_bytes: bytes.nullable(),
});

const keptRegions = z.object({
  obstacle: z.string().nullable().describe('Why nothing is kept by this server'),
  processes: z.number().nullable().describe('In the last round; null: there was none yet'),
  last: iso.nullable().describe('The newest moment of any of them'),
  round_seconds: z
    .number()
    .nullable()
    .describe('How long the last round took, for reading takes 1 % of a CPU at most'),
  skipped: z
    .array(
      z.object({
        pid: z.number(),
        comm: z.string().nullable(),
        text: z.string().describe('Why, and what helps'),
      }),
    )
    .describe('At most 10 of those that could not be read'),
  skipped_total: z.number(),
});

const sums = totals.nullable().describe('Of the sample; null: there is none');

/** GET /api/v1/watch-groups */
export const watchGroupsAnswer = z.object({
  ts: iso.nullable().describe('null: nothing has been recorded'),
  host: z.string().nullable(),
  groups: z.array(
    z.object({
      name: z.string(),
      members: z.array(
        z.object({
          name: z.string(),
          rule,
          totals: sums,
          largest: z.array(watchedRow).describe('At most 10 of its processes, those with the most RSS'),
        }),
      ),
      totals: sums.describe('Each process once'),
      ambiguous: z
        .array(
          z.object({
            process: watchedRow,
            members: z.array(z.string()).describe('All that match; it counts for the first'),
          }),
        )
        .describe('At most 50'),
      ambiguous_total: z.number(),
      regions: z.string().nullable().describe('How often it asks for regions over time; null: not at all'),
      regions_kept: keptRegions.nullable().describe('null: it does not ask'),
    }),
  ),
  trouble: z
    .string()
    .nullable()
    .describe('Why the configuration cannot be used as it is now; the groups are then those from before'),
});

const counts = z.array(z.number().nullable());
const sumsAlong = {
  processes: counts,
  rss_bytes: series,
  pss_bytes: series.describe('Sum of the known; null: a gap, or none is known'),
  pss_known: counts.describe('Processes whose PSS is known'),
  vsz_bytes: series.describe('null: a gap, or not known of all'),
};

/** GET /api/v1/watch-groups/:name/timeline */
export const watchTimelineAnswer = z.object({
  host: z.string(),
  name: z.string(),
  range: z.object({ from: iso, to: iso }),
  t: epochMs.describe('Instants of samples; shared by all series'),
  members: z.array(z.object({ name: z.string(), ...sumsAlong })),
  total: z.object(sumsAlong).describe('Each process once'),
  gaps: z.array(gapSchema),
  step_ms: z.number().nullable().describe('Usual time between two drawn points'),
  raw_points: z.number().describe('Samples with processes in the range'),
  method: z
    .enum(['raw', 'largest'])
    .describe('Every sample; of each step the sample in which the RSS of all processes is largest'),
});

/** PUT and DELETE */
export const watchGroupsNamed = z.object({ groups: z.array(z.string()).describe('All that there are now') });

export type WatchGroupsAnswer = z.infer<typeof watchGroupsAnswer>;
export type WatchTimelineAnswer = z.infer<typeof watchTimelineAnswer>;
