import type { Grouping } from '../../server/domain/process-filter.ts';
import { GROUPINGS } from '../../server/domain/process-filter.ts';
import type { LevelAnswer } from '../../server/interfaces/http/schemas.ts';
import { formatCount } from '../lib/numbers.ts';
import type { View } from '../state.ts';
import { linkTo } from '../state.ts';

/** The ways to look at the processes of one instant: as a tree, by level, put together. */

type Level = LevelAnswer['levels'][number];

/** Deeper ones are reached from the last that is listed. */
const MOST_LEVELS = 12;

export const GROUPING_LABELS: Readonly<Record<Grouping, string>> = {
  cmd: 'command',
  exe: 'executable',
  user: 'user',
  cgroup: 'cgroup',
  watch: 'watch group',
};

interface TabProps {
  readonly href: string;
  readonly isCurrent: boolean;
  readonly label: string;
  readonly count?: number | undefined;
}

function Tab({ href, isCurrent, label, count }: TabProps) {
  return (
    <a href={href} aria-current={isCurrent ? 'page' : undefined}>
      {label}
      {count === undefined ? null : <span class="u"> ({formatCount(count)})</span>}
    </a>
  );
}

function listed(levels: readonly Level[], current: number | undefined): readonly Level[] {
  const last = levels.at(-1)?.level;
  return levels.filter(({ level }) => level < MOST_LEVELS || level === current || level === last);
}

interface TabsProps {
  readonly view: View;
  readonly ts: string;
  /** `undefined`: not known here; then one link leads to them. */
  readonly levels?: readonly Level[];
  readonly level?: number;
  readonly by?: Grouping;
}

export function SnapshotTabs({ view, ts, levels, level, by }: TabsProps) {
  const known = levels ?? [{ level: 0, processes: undefined }];
  return (
    <nav class="tabs" aria-label="Processes of this snapshot">
      <Tab href={linkTo('snapshot', view, { ts })} isCurrent={view.page === 'snapshot'} label="Tree" />
      {listed(known as readonly Level[], level).map((one) => (
        <Tab
          key={one.level}
          href={linkTo('level', view, { ts, lvl: one.level })}
          isCurrent={one.level === level}
          label={`Level ${one.level}`}
          count={one.processes}
        />
      ))}
      <span class="tabs-word">by</span>
      {GROUPINGS.map((grouping) => (
        <Tab
          key={grouping}
          href={linkTo('groups', view, { ts, by: grouping })}
          isCurrent={grouping === by}
          label={GROUPING_LABELS[grouping]}
        />
      ))}
    </nav>
  );
}
