import { GROUPING_LABELS, LIMIT } from '../../server/domain/process-filter.ts';
import type { GroupsAnswer } from '../../server/interfaces/http/schemas/groups.ts';
import { BaseBar } from '../components/base-bar.tsx';
import { ExportMenu } from '../components/export-menu.tsx';
import { WideFacetBar } from '../components/facet-bar.tsx';
import { FilterBox } from '../components/filter-form.tsx';
import { GroupsTable } from '../components/groups-table.tsx';
import { HiddenNotice, NothingLeft } from '../components/hidden-notice.tsx';
import { PageHead } from '../components/page-head.tsx';
import { SampleBar } from '../components/sample-bar.tsx';
import { SampleNotes } from '../components/sample-notes.tsx';
import { SnapshotTabs } from '../components/snapshot-tabs.tsx';
import { countOf, formatCount } from '../lib/numbers.ts';
import { formatMoment } from '../lib/time.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf } from '../state.ts';

interface GroupsProps {
  readonly view: View;
  readonly answer: GroupsAnswer;
}

/** Only the largest groups are listed; the others are said. */
function MoreGroups({ view, answer: { groups, groups_total } }: GroupsProps) {
  if (groups.length === groups_total) return null;
  return (
    <p class="note">
      The largest {formatCount(groups.length)} of {countOf(groups_total, 'group', 'groups')}.{' '}
      <a href={hrefOf(changeView(view, { limit: Math.min(groups_total, LIMIT.max) }))}>Show all</a>
    </p>
  );
}

/** What the filter leaves out of the whole tree; of watch groups only where it leaves none: they may share processes. */
function hiddenOf({ by, levels, totals }: GroupsAnswer) {
  if (by === 'watch' && totals.processes > 0) return { processes: 0, rss_bytes: 0 };
  const left = (id: 'processes' | 'rss_bytes') =>
    Math.max(0, levels.reduce((sum, level) => sum + level[id], 0) - totals[id]);
  return { processes: left('processes'), rss_bytes: left('rss_bytes') };
}

/** Processes of one instant, put together by what they have in common. */
export function GroupsPage({ view, answer }: GroupsProps) {
  const { ts, by, groups } = answer;
  const hidden = hiddenOf(answer);
  const label = GROUPING_LABELS[by];
  const title = `${label.charAt(0).toUpperCase()}${label.slice(1)}`;
  return (
    <>
      <PageHead title={`By ${label} – snapshot ${formatMoment(Date.parse(ts))}`}>
        All processes of {answer.host}, put together by their {label}
        {by === 'watch' ? ': one stands with each group that it belongs to' : ''}. Sums of RSS count shared
        pages once for each process; PSS does not.
      </PageHead>
      <SampleBar view={view} sample={answer}>
        <BaseBar view={view} answer={answer} />
      </SampleBar>
      <SampleNotes answer={answer} />
      <SnapshotTabs view={view} ts={ts} levels={answer.levels} by={by} />
      <FilterBox view={view} ts={ts} />
      <div class="toolbar">
        <h2 class="sr-only">Groups</h2>
        <WideFacetBar view={view} ts={ts} />
        <span class="grow" />
        <ExportMenu view={view} answer={answer} />
      </div>
      <HiddenNotice view={view} shown={answer.totals.processes} hidden={hidden} />
      <MoreGroups view={view} answer={answer} />
      {groups.length > 0 ? (
        <GroupsTable view={view} answer={answer} label={title} />
      ) : (
        <NothingLeft view={view} hidden={hidden} />
      )}
    </>
  );
}
