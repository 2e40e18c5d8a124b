import { z } from 'zod';

/** GET /learn and /learn/TOPIC: what the words mean. */

const title = z.object({ id: z.string(), title: z.string(), short: z.string() });

export const learnParams = z.object({ topic: z.string().max(60) });

export const learnAnswer = z.object({
  topics: z.array(title),
  topic: title
    .extend({
      terms: z.array(z.string()),
      text: z
        .array(z.string())
        .describe(
          'Paragraphs: {rss} is a figure of the chosen process or host, [swap](swap) leads to a topic',
        ),
      advice: z.array(z.string()),
      sources: z.array(z.string()),
    })
    .nullable(),
});

export type LearnAnswer = z.infer<typeof learnAnswer>;
