import { MAPPING, PAGING, RESIDENT, SEGMENTS, SHARED_AND_PRIVATE, VIRTUAL_MEMORY } from './address-space.ts';
import type { Concept, ConceptText } from './concept.ts';
import { HUGE_PAGES, OOM_KILLER, OVERCOMMIT, PAGE_CACHE, PRESSURE, SWAP } from './host-memory.ts';
import { CGROUPS, SCHEDULING, UNSEEN } from './limits-and-turns.ts';
import type { TopicId } from './topics.ts';
import { TOPICS } from './topics.ts';

const TEXTS: Readonly<Record<TopicId, ConceptText>> = {
  'virtual-memory': VIRTUAL_MEMORY,
  mapping: MAPPING,
  paging: PAGING,
  segments: SEGMENTS,
  'shared-and-private': SHARED_AND_PRIVATE,
  'rss-pss-uss': RESIDENT,
  'page-cache': PAGE_CACHE,
  swap: SWAP,
  overcommit: OVERCOMMIT,
  'huge-pages': HUGE_PAGES,
  cgroups: CGROUPS,
  psi: PRESSURE,
  'oom-killer': OOM_KILLER,
  scheduling: SCHEDULING,
  'what-cannot-be-seen': UNSEEN,
};

export const CONCEPTS: readonly Concept[] = TOPICS.map((topic) => ({ ...topic, ...TEXTS[topic.id] }));

export function conceptOf(id: string): Concept | null {
  return CONCEPTS.find((concept) => concept.id === id) ?? null;
}
