import type { DumpPair, ReadDump, Reject } from './dump-ports.ts';

/** What of a dump's file could not be used, as it is kept: beside its segment, and by the server. */
export interface Damage {
  /** How often the file as a whole was complained of. */
  readonly complaints: number;
  readonly lines: number;
  /** The first few; those of the whole file come first. */
  readonly reasons: readonly Omit<Reject, 'file'>[];
}

export interface FileDamage extends Damage {
  readonly file: string;
  /** Nothing of its dump could be used. */
  readonly isRefused: boolean;
}

const MOST_REASONS = 20;

/** Why the second of two dumps of one host and instant is not used. */
export const ALREADY_THERE = 'a sample of this instant is already there';

function isOfLine({ line }: Pick<Reject, 'line'>): boolean {
  return line !== null;
}

/** Rejects of one file. @param lines how many were rejected, where more were than are told */
export function damageOfFile(rejects: readonly Reject[], lines = 0): Damage {
  const ofLines = rejects.filter(isOfLine);
  const ofFile = rejects.filter((one) => !isOfLine(one));
  return {
    complaints: ofFile.length,
    // Of a file that was refused as a whole no line was looked at.
    lines: ofLines.length === 0 ? 0 : Math.max(ofLines.length, lines),
    reasons: [...ofFile, ...ofLines]
      .slice(0, MOST_REASONS)
      .map(({ line, column, reason }) => ({ line, column, reason })),
  };
}

/** A half that should be there: nobody rejects what is not there. */
function missingHalf({ processFile, systemFile }: DumpPair, { sample }: ReadDump): Reject[] {
  if (!sample?.incomplete || (processFile !== null && systemFile !== null)) return [];
  const [file, role] = processFile === null ? [systemFile ?? '', 'process'] : [processFile, 'system'];
  return [{ file, line: null, column: null, reason: `its ${role} file is missing` }];
}

/** @param refusal why its sample is not used, where it has one; `null`: it is */
export function damageOfDump(pair: DumpPair, read: ReadDump, refusal: string | null): readonly FileDamage[] {
  const { processFile, systemFile } = pair;
  const files = [processFile, systemFile].filter((file) => file !== null);
  const refused = refusal ? [{ file: files[0], line: null, column: null, reason: refusal }] : [];
  const rejects = [...refused, ...read.rejects, ...missingHalf(pair, read)];
  if (rejects.length === 0) return [];
  return files.flatMap((file) => {
    const ofFile = rejects.filter((reject) => reject.file === file);
    if (ofFile.length === 0) return [];
    const lines = file === processFile ? read.lines.rejected : 0;
    return [{ file, isRefused: read.sample === null || refusal !== null, ...damageOfFile(ofFile, lines) }];
  });
}
