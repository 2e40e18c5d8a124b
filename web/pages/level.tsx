import type { LevelAnswer } from '../../server/interfaces/http/schemas.ts';
import { BaseBar } from '../components/base-bar.tsx';
import { ColumnChooser } from '../components/column-chooser.tsx';
import { ExportMenu } from '../components/export-menu.tsx';
import { WideFacetBar } from '../components/facet-bar.tsx';
import { FilterBox } from '../components/filter-form.tsx';
import { HiddenNotice, NothingLeft } from '../components/hidden-notice.tsx';
import { PageHead } from '../components/page-head.tsx';
import { ProcessTable } from '../components/process-table.tsx';
import { SampleBar } from '../components/sample-bar.tsx';
import { PssNote, SampleNotes } from '../components/sample-notes.tsx';
import { SnapshotTabs } from '../components/snapshot-tabs.tsx';
import { countOf } from '../lib/numbers.ts';
import { formatMoment } from '../lib/time.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf, linkTo } from '../state.ts';

interface LevelProps {
  readonly view: View;
  readonly answer: LevelAnswer;
}

function NoSuchLevel({ view, answer }: LevelProps) {
  const deepest = answer.levels.at(-1)?.level ?? 0;
  return (
    <div class="empty">
      <h2>Level {answer.level} is empty in this snapshot</h2>
      <p>
        The tree ends at level {deepest}.{' '}
        <a href={hrefOf(changeView(view, { lvl: deepest, ts: answer.ts }))}>Open level {deepest}</a>
      </p>
    </div>
  );
}

function Processes({ view, answer }: LevelProps) {
  if (answer.rows.length > 0) return <ProcessTable view={view} answer={answer} />;
  if (answer.hidden.processes > 0) return <NothingLeft view={view} hidden={answer.hidden} />;
  return <NoSuchLevel view={view} answer={answer} />;
}

export function LevelPage({ view, answer }: LevelProps) {
  const title = `Level ${answer.level} – snapshot ${formatMoment(Date.parse(answer.ts))}`;
  return (
    <>
      <PageHead title={title}>
        {answer.level === 0
          ? 'Processes whose parent is not in the sample: the roots of the tree. '
          : `Processes ${countOf(answer.level, 'step', 'steps')} below the roots of the tree. `}
        Choose one for its subtree.
      </PageHead>
      <SampleBar view={view} sample={answer}>
        <BaseBar view={view} answer={answer} />
      </SampleBar>
      <SampleNotes answer={answer} />
      <SnapshotTabs view={view} ts={answer.ts} levels={answer.levels} level={answer.level} />
      <FilterBox view={view} ts={answer.ts} />
      <div class="toolbar">
        <h2 class="sr-only">Processes</h2>
        <WideFacetBar view={view} ts={answer.ts} />
        <span class="grow" />
        <ColumnChooser view={view} page="level" />
        <ExportMenu view={view} answer={answer} />
      </div>
      <HiddenNotice view={view} shown={answer.shown} hidden={answer.hidden} />
      <Processes view={view} answer={answer} />
      <PssNote rows={answer.rows} />
      <p class="back">
        <a href={linkTo('overview', view)}>← Overview</a>
      </p>
    </>
  );
}
