import type { SessionFigures } from './session-figures.ts';
import type { SessionPart, SessionSummary } from './session-summary.ts';

/** Two sessions side by side, by what they have in common: the host, a watch group's members, programs. */

export const PART_KINDS = ['host', 'group', 'member', 'program'] as const;
export type PartKind = (typeof PART_KINDS)[number];

export interface ComparedPart {
  readonly kind: PartKind;
  readonly name: string;
  readonly a: ComparedFigures;
  readonly b: ComparedFigures;
  /** B less A; a program that was not there held nothing. `null`: unknown in one of them. */
  readonly mean_delta_bytes: number | null;
  readonly peak_delta_bytes: number | null;
  readonly pss_mean_delta_bytes: number | null;
  readonly pss_peak_delta_bytes: number | null;
  /** RSS of several processes, in one of them at least. */
  readonly rss_is_upper_bound: boolean;
}

/** Of one session. */
interface ComparedFigures {
  /** The most at once; of the host 0. */
  readonly processes: number;
  /** RSS, of the host used memory; `null`: it was never seen there. */
  readonly figures: SessionFigures | null;
  /** `null`: unknown, as is that of the host. */
  readonly pss: SessionFigures | null;
}

const NOWHERE: ComparedFigures = { processes: 0, figures: null, pss: null };
type Measure = 'figures' | 'pss';

/** What of a session thresholds are about. */
export type Subject =
  | { readonly kind: 'host' | 'group' }
  | { readonly kind: 'member' | 'program'; readonly name: string };

const HOST_NAME = 'used memory';

type Pick = (figures: SessionFigures) => number;
const meanOf: Pick = ({ mean }) => mean;
const peakOf: Pick = ({ max }) => max;

/** What was never there held nothing; of the host that cannot be said. */
function heldBy(kind: PartKind, side: ComparedFigures, measure: Measure, pick: Pick): number | null {
  const of = side[measure];
  if (of) return pick(of);
  return kind !== 'host' && side.figures === null ? 0 : null;
}

function compareOne(
  kind: PartKind,
  name: string,
  a: ComparedFigures = NOWHERE,
  b: ComparedFigures = NOWHERE,
): ComparedPart {
  const delta = (measure: Measure, pick: Pick) => {
    const [before, after] = [heldBy(kind, a, measure, pick), heldBy(kind, b, measure, pick)];
    return before === null || after === null ? null : after - before;
  };
  return {
    ...{ kind, name, a, b },
    mean_delta_bytes: delta('figures', meanOf),
    peak_delta_bytes: delta('figures', peakOf),
    pss_mean_delta_bytes: delta('pss', meanOf),
    pss_peak_delta_bytes: delta('pss', peakOf),
    rss_is_upper_bound: Math.max(a.processes, b.processes) > 1,
  };
}

function compareNamed(kind: PartKind, a: readonly SessionPart[], b: readonly SessionPart[]): ComparedPart[] {
  const [before, after] = [a, b].map((parts) => new Map(parts.map((part) => [part.name, part])));
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
    compareOne('host', HOST_NAME, { ...NOWHERE, figures: a.used }, { ...NOWHERE, figures: b.used }),
    ...(total ? [compareOne('group', total.name, a.group?.total, b.group?.total)] : []),
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
