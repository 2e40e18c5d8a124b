import { displayText } from '../../server/domain/text-notation.ts';
import type { PidAnswer } from '../../server/interfaces/http/schemas.ts';
import { pictureOf } from '../about-view.ts';
import { BaseBar } from '../components/base-bar.tsx';
import { ColumnChooser } from '../components/column-chooser.tsx';
import { ExportMenu } from '../components/export-menu.tsx';
import { FacetChips } from '../components/facet-chips.tsx';
import type { Figure } from '../components/figures.tsx';
import { Bytes, Duration, Figures, Moment } from '../components/figures.tsx';
import { FilterBox } from '../components/filter-form.tsx';
import { HiddenNotice } from '../components/hidden-notice.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Ancestors, OtherLives } from '../components/process-links.tsx';
import { SampleBar } from '../components/sample-bar.tsx';
import { PssNote, SampleNotes } from '../components/sample-notes.tsx';
import { treeMap } from '../components/tree-map.tsx';
import { TreeTable } from '../components/tree-table.tsx';
import { PictureSwitch } from '../components/tree-tools.tsx';
import { WholeCommand } from '../components/whole-command.tsx';
import { countOf } from '../lib/numbers.ts';
import { shorten, shortName } from '../lib/process-text.ts';
import type { View } from '../state.ts';
import { linkTo } from '../state.ts';

interface PidProps {
  readonly view: View;
  readonly answer: PidAnswer;
}

function figuresOf({ process }: PidAnswer): readonly Figure[] {
  const below = process.subtree_processes - 1;
  return [
    {
      label: 'RSS now',
      value: <Bytes value={process.rss_bytes} />,
      note: (
        <>
          most <Bytes value={process.rss_max_bytes} />
        </>
      ),
    },
    {
      label: 'Subtree now',
      value: <Bytes value={process.subtree_rss_bytes} />,
      note: below > 0 ? `with ${countOf(below, 'process', 'processes')} below it` : 'nothing below it',
      help: 'Sum of RSS, an upper bound: shared pages count for each process.',
    },
    {
      label: 'Subtree max',
      value: <Bytes value={process.subtree_rss_max_bytes} />,
      note: 'largest simultaneous sum',
    },
    {
      label: 'Lifetime',
      value: <Duration seconds={process.lifetime_seconds} />,
      note: (
        <>
          since <Moment at={process.started} />
        </>
      ),
    },
  ];
}

/** The rest of what was recorded of it, in one line. */
function Details({ answer: { process } }: { readonly answer: PidAnswer }) {
  const { user, state, threads, cgroup } = process;
  const parts = [
    user !== null && `user ${displayText(user)}`,
    state !== null && `state ${displayText(state)}`,
    threads !== null && countOf(threads, 'thread', 'threads'),
    cgroup ? displayText(cgroup) : false,
  ];
  return <p class="muted details">{parts.filter(Boolean).join(' · ')}</p>;
}

function Subtree({ view, answer }: PidProps) {
  const { rows, ts, process } = answer;
  const picture = pictureOf(view);
  return (
    <>
      {picture ? <treeMap.Part key={picture} view={view} rows={rows} ts={ts} kind={picture} /> : null}
      <TreeTable
        view={view}
        page="pid"
        rows={rows}
        totals={answer.totals}
        at={answer}
        label={`Subtree of PID ${process.pid}`}
      />
    </>
  );
}

export function PidPage({ view, answer }: PidProps) {
  const { process, ts } = answer;
  const { pid } = process;
  return (
    <>
      <Ancestors view={view} ts={ts} ancestors={answer.ancestors} process={process} />
      <PageHead title={`PID ${pid} – ${shorten(shortName(process), 40)}`}>
        <WholeCommand process={process} />
      </PageHead>
      <SampleBar view={view} sample={answer}>
        <BaseBar view={view} answer={answer} />
        <a class="btn primary" href={linkTo('plot', view, { pid, ts })}>
          Plot over time →
        </a>
        <a class="btn" href={linkTo('level', view, { lvl: process.level, ts })}>
          Level {process.level}
        </a>
      </SampleBar>
      <SampleNotes answer={answer} process={process} />
      <Figures figures={figuresOf(answer)} />
      <Details answer={answer} />
      <OtherLives view={view} pid={pid} page="pid" lives={answer.instances} current={process.key} />
      <FilterBox view={view} />
      <FacetChips view={view} />
      <div class="toolbar">
        <h2>Subtree</h2>
        <HiddenNotice view={view} shown={answer.shown} hidden={answer.hidden} />
        <span class="grow" />
        <PictureSwitch view={view} />
        <ColumnChooser view={view} page="pid" />
        <ExportMenu view={view} answer={answer} />
      </div>
      <Subtree view={view} answer={answer} />
      <PssNote rows={answer.rows} />
      <p class="back">
        <a href={linkTo('level', view, { lvl: process.level, ts })}>← Level {process.level}</a>
      </p>
    </>
  );
}
