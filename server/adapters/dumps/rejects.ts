import type { Reject } from '../../application/dump-ports.ts';
import { escapeText } from '../../domain/text-notation.ts';

const LONGEST_EXCERPT = 80;

/** What is wrong with a line, and at which byte of it, from 1. */
export interface Complaint {
  readonly column: number | null;
  readonly reason: string;
}

/** The rejects of one file, the first so many of them; damage must not fill the memory. */
export interface RejectList {
  add(line: number | null, complaint: Complaint): void;
  list(): readonly Reject[];
}

export function openRejectList(file: string, cap: number): RejectList {
  const kept: Reject[] = [];
  let untold = 0;
  return {
    add(line, { column, reason }) {
      if (kept.length < cap) kept.push({ file, line, column, reason });
      else untold++;
    },
    list() {
      if (untold === 0) return kept;
      return [...kept, { file, line: null, column: null, reason: `${untold} more lines were rejected` }];
    },
  };
}

/** A whole file that could not be taken in, or something to know about one that was. */
export function fileReject(file: string, reason: string): Reject {
  return { file, line: null, column: null, reason };
}

/** The beginning of a cell for a message: quoted, on one line. */
export function excerpt(cell: string): string {
  const head = cell.length > LONGEST_EXCERPT ? `${cell.slice(0, LONGEST_EXCERPT)}…` : cell;
  return `"${escapeText(head)}"`;
}
