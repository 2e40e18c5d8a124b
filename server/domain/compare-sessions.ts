import type { SessionFigures } from './session-figures.ts';
import type { SessionPart, SessionSummary } from './session-summary.ts';

/** Two sessions side by side, by what they have in common: the host, a watch group's members, programs. */

export const PART_KINDS = ['host', 'group', 'member', 'program'] as const;
export type PartKind = (typeof PART_KINDS)[number];

export interface ComparedPart {
  readonly kind: PartKind;
  readonly name: string;
  /** `null`: it was never seen there. */
  readonly a: SessionFigures | null;
  readonly b: SessionFigures | null;
  /** B less A; a program that was not there held nothing. `null`: unknown in one of them. */
  readonly mean_delta_bytes: number | null;
  readonly peak_delta_bytes: number | null;
}

/** What of a session thresholds are about. */
export type Subject =
  | { readonly kind: 'host' | 'group' }
  | { readonly kind: 'member' | 'program'; readonly name: string };

const HOST_NAME = 'used memory';

type Pick = (figures: SessionFigures) => number;
const meanOf: Pick = ({ mean }) => mean;
const peakOf: Pick = ({ max }) => max;

function deltaOf(
  kind: PartKind,
  a: SessionFigures | null,
  b: SessionFigures | null,
  pick: Pick,
): number | null {
  if (kind === 'host' && (!a || !b)) return null;
  return (b ? pick(b) : 0) - (a ? pick(a) : 0);
}

function compareOne(
  kind: PartKind,
  name: string,
  a: SessionFigures | null | undefined,
  b: SessionFigures | null | undefined,
): ComparedPart {
  const [before, after] = [a ?? null, b ?? null];
  return {
    ...{ kind, name, a: before, b: after },
    mean_delta_bytes: deltaOf(kind, before, after, meanOf),
    peak_delta_bytes: deltaOf(kind, before, after, peakOf),
  };
}

function compareNamed(kind: PartKind, a: readonly SessionPart[], b: readonly SessionPart[]): ComparedPart[] {
  const [before, after] = [a, b].map((parts) => new Map(parts.map(({ name, figures }) => [name, figures])));
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].map((name) => compareOne(kind, name, before.get(name), after.get(name)));
}

function sizeOf({ mean_delta_bytes: delta }: ComparedPart): number {
  return Math.abs(delta ?? 0);
}

/** The host, the group and its members, then programs: what differs most first, ties by name. */
export function compareSummaries(a: SessionSummary, b: SessionSummary): ComparedPart[] {
  const total = b.group?.total ?? a.group?.total;
  const programs = compareNamed('program', a.programs, b.programs);
  return [
    compareOne('host', HOST_NAME, a.used, b.used),
    ...(total ? [compareOne('group', total.name, a.group?.total.figures, b.group?.total.figures)] : []),
    ...compareNamed('member', a.group?.members ?? [], b.group?.members ?? []),
    ...programs.sort((x, y) => sizeOf(y) - sizeOf(x) || (x.name < y.name ? -1 : 1)),
  ];
}

/** Of a comparison the part that thresholds are about; `null` where neither session has it. */
export function findSubject(parts: readonly ComparedPart[], subject: Subject): ComparedPart | null {
  const isIt = ({ kind, name }: ComparedPart) =>
    kind === subject.kind && (!('name' in subject) || subject.name === name);
  return parts.find(isIt) ?? null;
}
