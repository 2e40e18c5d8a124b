import type { FileDamage } from '../../../application/dump-damage.ts';
import { damageOfDump } from '../../../application/dump-damage.ts';
import type { DumpPair, FileState, ReadDump } from '../../../application/dump-ports.ts';
import type { SegmentSource } from '../segment.ts';

/** What reading a dump has given, for the list of a segment's sources. */
export interface DumpOutcome {
  readonly damaged: readonly FileDamage[];
  readonly sources: readonly SegmentSource[];
}

function damageIn(damaged: readonly FileDamage[], file: string): Pick<SegmentSource, 'damage'> {
  const found = damaged.find((one) => one.file === file);
  if (!found) return {};
  const { complaints, lines, reasons } = found;
  return { damage: { complaints, lines, reasons } };
}

/** @param refusal why its sample is not used, '' where there is none; `null`: it is used */
export function outcomeOf(
  pair: DumpPair,
  read: ReadDump,
  files: readonly FileState[],
  refusal: string | null,
): DumpOutcome {
  const damaged = damageOfDump(pair, read, refusal);
  const t = refusal === null ? (read.sample?.system.t ?? null) : null;
  const rows = refusal === null ? read.sample?.processes?.count : undefined;
  const sources: SegmentSource[] = [];
  for (const { file, size, mtimeMs } of files) {
    const counted = rows !== undefined && file === pair.processFile ? { rows } : {};
    sources.push({ file, size, mtimeMs, t, ...counted, ...damageIn(damaged, file) });
  }
  return { damaged, sources };
}
