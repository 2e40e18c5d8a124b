import type { SnapshotAnswer } from '../../server/interfaces/http/schemas/snapshot.ts';
import { pictureOf } from '../about-view.ts';
import { BaseBar } from '../components/base-bar.tsx';
import { ColumnChooser } from '../components/column-chooser.tsx';
import { ExportMenu } from '../components/export-menu.tsx';
import { WideFacetBar } from '../components/facet-bar.tsx';
import { FilterBox } from '../components/filter-form.tsx';
import { HiddenNotice, NothingLeft } from '../components/hidden-notice.tsx';
import { PageHead } from '../components/page-head.tsx';
import { SampleBar } from '../components/sample-bar.tsx';
import { PssNote, SampleNotes } from '../components/sample-notes.tsx';
import { SnapshotTabs } from '../components/snapshot-tabs.tsx';
import { treeMap } from '../components/tree-map.tsx';
import { TreeTable } from '../components/tree-table.tsx';
import { FoldButtons, PictureSwitch } from '../components/tree-tools.tsx';
import { formatBytes } from '../lib/bytes.ts';
import { countOf } from '../lib/numbers.ts';
import { formatMoment } from '../lib/time.ts';
import type { View } from '../state.ts';

interface SnapshotProps {
  readonly view: View;
  readonly answer: SnapshotAnswer;
}

/** The answer to the first question: how full it was. */
function Fullness({ answer: { used_bytes, mem_total_bytes, levels } }: Pick<SnapshotProps, 'answer'>) {
  const processes = levels.reduce((sum, level) => sum + level.processes, 0);
  return (
    <>
      {used_bytes === null ? '' : `${formatBytes(used_bytes)} of ${formatBytes(mem_total_bytes)} used by `}
      {countOf(processes, 'process', 'processes')} and the kernel, each process below its parent.
    </>
  );
}

function Tree({ view, answer }: SnapshotProps) {
  const { rows, ts, host } = answer;
  const picture = pictureOf(view);
  return (
    <>
      {picture ? <treeMap.Part key={picture} view={view} rows={rows} ts={ts} kind={picture} /> : null}
      <TreeTable
        view={view}
        page="snapshot"
        rows={rows}
        totals={answer.totals}
        at={answer}
        label={`Processes of ${host}`}
      />
    </>
  );
}

/** The whole host at one instant, as one tree. */
export function SnapshotPage({ view, answer }: SnapshotProps) {
  const { ts, rows, hidden } = answer;
  return (
    <>
      <PageHead title={`Snapshot ${formatMoment(Date.parse(ts))}`}>
        <Fullness answer={answer} />
      </PageHead>
      <SampleBar view={view} sample={answer}>
        <BaseBar view={view} answer={answer} />
      </SampleBar>
      <SampleNotes answer={answer} />
      <SnapshotTabs view={view} ts={ts} levels={answer.levels} />
      <FilterBox view={view} ts={ts} />
      <div class="toolbar">
        <h2 class="sr-only">Processes</h2>
        <WideFacetBar view={view} ts={ts} />
        <span class="grow" />
        <PictureSwitch view={view} />
        <FoldButtons view={view} />
        <ColumnChooser view={view} page="snapshot" />
        <ExportMenu view={view} answer={answer} />
      </div>
      <HiddenNotice view={view} shown={answer.shown} hidden={hidden} />
      {rows.length > 0 ? <Tree view={view} answer={answer} /> : <NothingLeft view={view} hidden={hidden} />}
      <PssNote rows={rows} />
    </>
  );
}
