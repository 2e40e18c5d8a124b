import { viewSessionComparison } from '../../../application/view-session-comparison.ts';
import { LIMIT } from '../../../domain/process-filter.ts';
import type { SessionThresholdId, Verdict } from '../../../domain/session-thresholds.ts';
import { THRESHOLD_HELP, THRESHOLD_IDS } from '../../../domain/session-thresholds.ts';
import { comparisonTable, encodeCsv } from '../../csv.ts';
import type { Flag } from '../flags.ts';
import { printSheet } from '../print-rows.ts';
import { numberFlag } from '../row-flags.ts';
import type { SessionCall } from '../session-call.ts';
import { openSources, unending } from '../session-call.ts';
import { formatComparison } from '../session-tables.ts';

/** `pmi session compare A B`: the exit code is the verdict. */

const MOST_PROGRAMS = 20;

function flagOf(id: SessionThresholdId): string {
  return id.replace('_', '-');
}

export const THRESHOLD_FLAGS: readonly Flag[] = [
  ...THRESHOLD_IDS.map((id) => ({
    name: flagOf(id),
    value: id === 'max_delta' ? 'SIZE|PCT' : 'SIZE',
    help: `${THRESHOLD_HELP[id]}.`,
  })),
  { name: 'member', value: 'M', help: 'Thresholds are about this member of the group.' },
  { name: 'program', value: 'P', help: 'Thresholds are about this program; else the group, else the host.' },
  { name: 'limit', value: 'N', help: 'Most programs.', default: String(MOST_PROGRAMS) },
];

/** 3: it could not be judged, as with everything that could not be done. */
const EXIT_OF: Readonly<Record<Verdict, number>> = { pass: 0, fail: 1, inconclusive: 3 };

/** @returns 0 passed or nothing asked, 1 failed, 3 inconclusive */
export async function compareSessionsCommand(call: SessionCall): Promise<number> {
  const { world, flags, names } = call;
  const sources = await openSources(call);
  const thresholds = Object.fromEntries(THRESHOLD_IDS.map((id) => [id, flags.text(flagOf(id))]));
  const request = {
    ...thresholds,
    ...{ a: names[0], b: names[1], group: flags.text('group') },
    ...{ member: flags.text('member'), program: flags.text('program') },
    limit: numberFlag(flags, 'limit', LIMIT.min, LIMIT.max) ?? MOST_PROGRAMS,
  };
  const view = await viewSessionComparison(sources, request, unending());
  const { columns, rows } = comparisonTable(view);
  printSheet(world, flags, view, {
    csv: () => encodeCsv(columns, rows),
    table: () => formatComparison(view, world.columns),
  });
  return view.verdict === null ? 0 : EXIT_OF[view.verdict];
}
