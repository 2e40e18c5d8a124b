import type { AnswerAnswer } from '../../server/interfaces/http/schemas/answer.ts';
import type { GroupsAnswer } from '../../server/interfaces/http/schemas/groups.ts';
import type { OverviewAnswer } from '../../server/interfaces/http/schemas/overview.ts';
import { besideHref, useBeside } from '../beside.ts';
import type { Figure } from '../components/figures.tsx';
import { Bytes, Figures, Measured } from '../components/figures.tsx';
import { formatBytes } from '../lib/bytes.ts';
import { formatMeasure } from '../lib/chart-scale.ts';
import { countOf, formatCount } from '../lib/numbers.ts';
import { formatMomentBeside } from '../lib/time.ts';
import { along } from './overview-charts.ts';

/** The few numbers of the overview, all of the end of its range. */

function memoryFigures(answer: OverviewAnswer): readonly Figure[] {
  const [used, total] = [along(answer, 'used_bytes'), along(answer, 'mem_total_bytes')];
  const available = along(answer, 'available_bytes');
  return [
    {
      label: 'Used',
      value: <Bytes value={used?.last.value ?? null} />,
      note: total ? `of ${formatBytes(total.last.value)} (total − available)` : 'total − available',
    },
    {
      label: 'Available',
      value: <Bytes value={available?.last.value ?? null} />,
      note: available
        ? `lowest ${formatBytes(available.low.value)} at ${formatMomentBeside(available.low.t, available.last.t)}`
        : 'not recorded',
      help: 'What a new program can get without swapping, by the kernel’s estimate.',
    },
  ];
}

function swapFigure(answer: OverviewAnswer): Figure {
  const [used, total] = [along(answer, 'swap_used_bytes'), along(answer, 'swap_total_bytes')];
  const size = total?.last.value;
  const note = size === 0 ? 'none set up' : `of ${formatBytes(size ?? null)}`;
  return {
    label: 'Swap',
    value: <Bytes value={used?.last.value ?? null} />,
    note: size === undefined ? 'not recorded' : note,
  };
}

function pressureFigure(answer: OverviewAnswer): Figure {
  const some = along(answer, 'psi_some_avg10');
  return {
    label: 'Pressure',
    value: <Measured value={some?.last.value ?? null} measure="percent" />,
    note: some ? `some, 10 s average; most ${formatMeasure(some.high.value, 'percent')}` : 'PSI not recorded',
    help: 'Share of the last 10 s in which some task waited for memory (PSI some avg10).',
  };
}

/** Processes at the end and an hour before: who came is what is there now and was not among those that stayed. */
interface Counts {
  readonly processes: number;
  readonly fresh: number | null;
  readonly gone: number | null;
}

function countsOf(now: GroupsAnswer | null, then: GroupsAnswer | null): Counts | null {
  if (!now) return null;
  const { processes } = now.totals;
  const gone = now.gone?.processes ?? null;
  const stayed = gone === null || !then || then.ts !== now.base?.ts ? null : then.totals.processes - gone;
  return { processes, fresh: stayed === null ? null : processes - stayed, gone };
}

function groupsHref(answer: AnswerAnswer | null, params: Readonly<Record<string, string | undefined>>) {
  return answer && besideHref('/api/v1/groups', { host: answer.host, by: 'user', limit: '1', ...params });
}

function useCounts(answer: AnswerAnswer | null): Counts | null {
  const from = answer?.from ?? null;
  const now = useBeside<GroupsAnswer>(groupsHref(answer, { ts: answer?.ts, base: from ?? undefined }));
  const then = useBeside<GroupsAnswer>(from === null ? null : groupsHref(answer, { ts: from }));
  return countsOf(now, then);
}

function processFigure(counts: Counts | null, answer: AnswerAnswer | null): Figure {
  const since = answer?.from ? formatMomentBeside(Date.parse(answer.from), Date.parse(answer.ts)) : '';
  const changes = counts && counts.fresh !== null && counts.gone !== null;
  return {
    label: 'Processes',
    value: counts ? <data value={counts.processes}>{formatCount(counts.processes)}</data> : '–',
    note: changes ? `${counts.fresh} new, ${countOf(counts.gone ?? 0, 'gone', 'gone')} since ${since}` : ' ',
  };
}

interface OverviewFiguresProps {
  readonly answer: OverviewAnswer;
  /** Who holds the memory, once that is known: it names the two instants that are compared. */
  readonly told: AnswerAnswer | null;
}

export function OverviewFigures({ answer, told }: OverviewFiguresProps) {
  const counts = useCounts(told);
  const figures = [
    ...memoryFigures(answer),
    swapFigure(answer),
    pressureFigure(answer),
    processFigure(counts, told),
  ];
  return <Figures figures={figures} />;
}
