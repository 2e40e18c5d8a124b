import type { DumpFormat } from '../../domain/dump-format.ts';
import type { Caps } from './caps.ts';
import type { FastPlan } from './decode-fast.ts';
import { buildFastPlan } from './decode-fast.ts';
import { readHeader } from './header.ts';
import type { Layout } from './layout.ts';
import { buildLayout } from './layout.ts';
import type { Complaint } from './rejects.ts';

/** How the files that begin with one header are read, with the texts that were read from them so far. */
export interface ReadingPlan {
  readonly layout: Layout;
  readonly fast: FastPlan | null;
}

/** Headers repeat from file to file: each is read once. */
export interface LayoutCache {
  planOf(header: Buffer, byName: DumpFormat): ReadingPlan | { readonly refusal: Complaint };
}

const MOST_LAYOUTS = 8;

export function openLayoutCache(caps: Caps): LayoutCache {
  const plans = new Map<string, ReadingPlan>();

  function build(header: Buffer, byName: DumpFormat): ReadingPlan | { readonly refusal: Complaint } {
    const read = readHeader(header, caps);
    if ('refusal' in read) return read;
    const layout = buildLayout(read.names, byName);
    return 'refusal' in layout ? layout : { layout, fast: buildFastPlan(layout) };
  }

  return {
    planOf(header, byName) {
      const key = header.toString('latin1');
      const known = plans.get(key);
      if (known) return known;
      const plan = build(header, byName);
      if ('refusal' in plan) return plan;
      if (plans.size >= MOST_LAYOUTS) plans.clear();
      plans.set(key, plan);
      return plan;
    },
  };
}
