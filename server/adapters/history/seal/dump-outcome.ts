import type { FileDamage } from '../../../application/dump-damage.ts';
import { damageOfDump } from '../../../application/dump-damage.ts';
import type { DumpPair, ReadDump } from '../../../application/ports.ts';
import type { SegmentSource } from '../segment.ts';

/** What reading a dump has given, for the list of a segment's sources. */
export interface DumpOutcome {
  readonly damaged: readonly FileDamage[];
  readonly sources: readonly SegmentSource[];
}

/** @param refusal why its sample is not used, '' where there is none; `null`: it is used */
export function outcomeOf(
  pair: DumpPair,
  read: ReadDump,
  sources: readonly SegmentSource[],
  refusal: string | null,
): DumpOutcome {
  const damaged = damageOfDump(pair, read, refusal);
  const t = refusal === null ? (read.sample?.system.t ?? null) : null;
  const rows = refusal === null ? read.sample?.processes?.count : undefined;
  return {
    damaged,
    sources: sources.map((source) => {
      const found = damaged.find(({ file }) => file === source.file);
      const isCounted = rows !== undefined && source.file === pair.processFile;
      const counted = isCounted ? { ...source, t, rows } : { ...source, t };
      if (!found) return counted;
      const { complaints, lines, reasons } = found;
      return { ...counted, damage: { complaints, lines, reasons } };
    }),
  };
}
