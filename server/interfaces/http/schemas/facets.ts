import { z } from 'zod';
import type { FacetId } from '../../../domain/process-filter.ts';
import { FACET_IDS } from '../../../domain/process-filter.ts';
import { bytes, iso } from '../schemas.ts';

/** GET /api/v1/facets */

const facetValue = z.object({
  name: z.string().nullable().describe('Dump notation; null: unknown'),
  processes: z.number(),
  rss_bytes: bytes,
});

function ofEach<Value extends z.ZodType>(value: Value): z.ZodObject<Record<FacetId, Value>> {
  return z.object(Object.fromEntries(FACET_IDS.map((id) => [id, value])) as Record<FacetId, Value>);
}

export const facetsAnswer = z.object({
  ts: iso,
  host: z.string(),
  facets: ofEach(z.array(facetValue)).describe(
    'Processes that pass every filter but that of the facet itself, by RSS, at most 50 names each',
  ),
  more: ofEach(z.number()).describe('Names that are not listed'),
});

export type FacetsAnswer = z.infer<typeof facetsAnswer>;
export type FacetValue = z.infer<typeof facetValue>;
