import { MAPPING, PAGING, RESIDENT, SEGMENTS, SHARED_AND_PRIVATE, VIRTUAL_MEMORY } from './address-space.ts';
import type { Concept } from './concept.ts';
import { HUGE_PAGES, OOM_KILLER, OVERCOMMIT, PAGE_CACHE, PRESSURE, SWAP } from './host-memory.ts';
import { CGROUPS, SCHEDULING, UNSEEN } from './limits-and-turns.ts';

/** In the order in which they explain each other. */
export const CONCEPTS: readonly Concept[] = [
  VIRTUAL_MEMORY,
  MAPPING,
  PAGING,
  SEGMENTS,
  SHARED_AND_PRIVATE,
  RESIDENT,
  PAGE_CACHE,
  SWAP,
  OVERCOMMIT,
  HUGE_PAGES,
  CGROUPS,
  PRESSURE,
  OOM_KILLER,
  SCHEDULING,
  UNSEEN,
];

const byTerm = new Map(
  CONCEPTS.flatMap((concept) => concept.terms.map((term) => [term.toLowerCase(), concept])),
);

export function conceptOf(id: string): Concept | null {
  return CONCEPTS.find((concept) => concept.id === id) ?? null;
}

/** The concept that a term of a table or card belongs to. */
export function conceptOfTerm(term: string): Concept | null {
  return byTerm.get(term.toLowerCase()) ?? null;
}
