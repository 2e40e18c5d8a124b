import type { DumpFolder, ReadDump, Reject } from '../../../../server/application/dump-ports.ts';
import { formatPosition } from '../../../../server/domain/errors.ts';
import type { ProcessTable } from '../../../../server/domain/sample.ts';

/** What a folder of dumps turns into, as plain values that a fixture's `expected.json` can hold. */
export interface DescribedFolder {
  readonly listing: readonly string[];
  readonly samples: readonly DescribedSample[];
}

export interface DescribedSample {
  readonly t: string | null;
  readonly host: string | null;
  readonly marks: string;
  readonly system: Readonly<Record<string, unknown>>;
  /** `null`: no snapshot. Many rows: only how many. */
  readonly processes: readonly string[] | number | null;
  readonly lines: string;
  readonly rejects: readonly string[];
}

const MOST_ROWS = 30;

export function formatReject(reject: Reject): string {
  return `${formatPosition(reject)}: ${reject.reason}`;
}

/** One row as `id=value` for whatever is known. */
export function describeRow(table: ProcessTable, row: number): string {
  const numbers = Object.entries(table.numbers)
    .filter(([, column]) => !Number.isNaN(column[row]))
    .map(([id, column]) => `${id}=${column[row]}`);
  const texts = Object.entries(table.texts)
    .filter(([, column]) => column[row] !== null)
    .map(([id, column]) => `${id}=${JSON.stringify(column[row])}`);
  return [...numbers, ...texts].join(' ');
}

function describeProcesses(table: ProcessTable | null | undefined): readonly string[] | number | null {
  if (!table) return null;
  if (table.count > MOST_ROWS) return table.count;
  return Array.from({ length: table.count }, (_, row) => describeRow(table, row));
}

export function describeDump({ sample, lines, rejects }: ReadDump): DescribedSample {
  const { t, host, values, ...rest } = sample?.system ?? { values: {} };
  const known = Object.entries({ ...rest, ...values }).filter(([, value]) => value !== null);
  return {
    t: t === undefined ? null : new Date(t).toISOString(),
    host: host ?? null,
    marks: [sample?.weak && 'weak', sample?.incomplete && 'incomplete'].filter(Boolean).join(' '),
    system: Object.fromEntries(known),
    processes: describeProcesses(sample?.processes),
    lines: `${lines.accepted} accepted, ${lines.rejected} rejected, ${lines.blank} blank`,
    rejects: rejects.map(formatReject),
  };
}

export async function describeFolder(folder: DumpFolder): Promise<DescribedFolder> {
  const { pairs, rejects } = await folder.list();
  const samples: DescribedSample[] = [];
  for (const pair of pairs) samples.push(describeDump(await folder.read(pair)));
  return { listing: rejects.map(formatReject), samples };
}
