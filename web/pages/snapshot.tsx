import type { SnapshotAnswer } from '../../server/interfaces/http/schemas/snapshot.ts';
import { ExportMenu } from '../components/export-menu.tsx';
import { FilterBox } from '../components/filter-form.tsx';
import { HiddenNotice, NothingLeft } from '../components/hidden-notice.tsx';
import { PageHead } from '../components/page-head.tsx';
import { SampleBar } from '../components/sample-bar.tsx';
import { SampleNotes } from '../components/sample-notes.tsx';
import { TreeTable } from '../components/tree-table.tsx';
import { formatMoment } from '../lib/time.ts';
import type { View } from '../state.ts';

interface SnapshotProps {
  readonly view: View;
  readonly answer: SnapshotAnswer;
}

/** The whole host at one instant, as one tree. */
export function SnapshotPage({ view, answer }: SnapshotProps) {
  return (
    <>
      <PageHead title={`Snapshot ${formatMoment(Date.parse(answer.ts))}`}>
        All processes of {answer.host}, each below its parent.
      </PageHead>
      <SampleBar view={view} sample={answer} />
      <SampleNotes answer={answer} />
      <FilterBox view={view} />
      <div class="toolbar">
        <h2>Processes</h2>
        <HiddenNotice view={view} shown={answer.shown} hidden={answer.hidden} />
        <span class="grow" />
        <ExportMenu view={view} answer={answer} />
      </div>
      {answer.rows.length > 0 ? (
        <TreeTable view={view} rows={answer.rows} ts={answer.ts} label={`Processes of ${answer.host}`} />
      ) : (
        <NothingLeft view={view} hidden={answer.hidden} />
      )}
    </>
  );
}
