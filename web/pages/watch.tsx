import { WATCH_LIMITS } from '../../server/domain/watch-group.ts';
import type {
  WatchGroupsAnswer,
  WatchTimelineAnswer,
} from '../../server/interfaces/http/schemas/watch-groups.ts';
import { ExportMenu } from '../components/export-menu.tsx';
import { Moment } from '../components/figures.tsx';
import { LiveTabs } from '../components/live-tabs.tsx';
import { PageHead } from '../components/page-head.tsx';
import { ResetZoom } from '../components/reset-zoom.tsx';
import { WatchEditor } from '../components/watch-editor.tsx';
import { WatchFigure } from '../components/watch-figure.tsx';
import { WatchSection } from '../components/watch-section.tsx';
import { zone } from '../lib/reader.ts';
import { gapSpans } from '../lib/series.ts';
import { NEW_GROUP } from '../lib/watch-draft.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf } from '../state.ts';
import { drafts } from '../watch-drafts.ts';
import type { Frame } from './overview-frame.ts';

/** Watch groups: what each has, what it had along time, and a form to change it. */

interface WatchProps {
  readonly view: View;
  readonly answer: WatchGroupsAnswer;
}

const HEIGHT = 260;

function frameOf({ gaps, range }: WatchTimelineAnswer): Frame {
  return {
    gaps: gapSpans(gaps),
    marks: [],
    range: { from: Date.parse(range.from), to: Date.parse(range.to) },
    zone: zone.value,
    height: HEIGHT,
  };
}

/** What was changed in the form and not saved: the way back to it. */
function Unsaved({ view }: Pick<WatchProps, 'view'>) {
  const names = [...drafts.value.keys()];
  if (names.length === 0) return null;
  return (
    <p class="note">
      Not saved yet:{' '}
      {names.map((name, at) => (
        <>
          {at > 0 ? ', ' : ''}
          <a href={hrefOf(changeView(view, { edit: name }))}>{name === NEW_GROUP ? 'a new group' : name}</a>
        </>
      ))}
    </p>
  );
}

function Where({ answer: { ts, host } }: Pick<WatchProps, 'answer'>) {
  if (ts === null) return <>Nothing has been recorded yet: what they have is shown with the first sample.</>;
  return (
    <>
      What belongs together, chosen by rules: on {host} at <Moment at={ts} />
    </>
  );
}

function NoGroups({ view }: Pick<WatchProps, 'view'>) {
  return (
    <div class="empty">
      <h2>No watch groups yet</h2>
      <p>
        A watch group is a named set of processes, such as all that belong to a desktop, a shop or a build.
        Every table can be narrowed to one, and each has its own timeline.
      </p>
      <p class="actions">
        <a class="btn primary" href={hrefOf(changeView(view, { edit: NEW_GROUP }))}>
          New group
        </a>
      </p>
    </div>
  );
}

/** The group that was asked for, else the first. */
function drawnName({ view, answer }: WatchProps): string | undefined {
  return view.params.watch ?? answer.groups[0]?.name;
}

function Groups(props: WatchProps) {
  const { view, answer } = props;
  const drawn = drawnName(props);
  const { from, to } = view.params;
  return (
    <>
      <div class="toolbar">
        {answer.groups.length < WATCH_LIMITS.groups ? (
          <a class="btn primary" href={hrefOf(changeView(view, { edit: NEW_GROUP }))}>
            New group
          </a>
        ) : null}
        <ResetZoom view={view} />
        <span class="grow" />
        <ExportMenu view={view} answer={answer} />
      </div>
      {drawn !== undefined && answer.host !== null ? (
        <WatchFigure view={view} host={answer.host} name={drawn} range={{ from, to }} frameOf={frameOf} />
      ) : null}
      {answer.groups.map((group) => (
        <WatchSection
          key={group.name}
          view={view}
          group={group}
          ts={answer.ts}
          isDrawn={group.name === drawn}
        />
      ))}
    </>
  );
}

function List(props: WatchProps) {
  const { view, answer } = props;
  return (
    <>
      <PageHead title="Watch groups">
        <Where answer={answer} />
      </PageHead>
      <LiveTabs view={view} />
      {answer.trouble === null ? null : <p class="note hurt">{answer.trouble}</p>}
      <Unsaved view={view} />
      {answer.groups.length > 0 ? <Groups {...props} /> : <NoGroups view={view} />}
    </>
  );
}

/** Which group the form is about; `undefined`: there is none of that name. */
function editedGroup({ view, answer }: WatchProps) {
  const { edit } = view.params;
  return edit === NEW_GROUP ? null : answer.groups.find(({ name }) => name === edit);
}

function Edit(props: WatchProps) {
  const { view, answer } = props;
  const { edit } = view.params;
  const group = editedGroup(props);
  const names = answer.groups.map(({ name }) => name);
  return (
    <>
      <PageHead title={edit === NEW_GROUP ? 'New watch group' : `Watch group ${edit}`}>
        <a href={hrefOf(changeView(view, { edit: null }))}>← Watch groups</a>
      </PageHead>
      {answer.trouble === null ? null : <p class="note hurt">{answer.trouble}</p>}
      {group === undefined ? (
        <p class="empty">There is no watch group {edit}.</p>
      ) : (
        <WatchEditor key={edit} view={view} group={group} names={names} host={answer.host} />
      )}
    </>
  );
}

export function WatchPage(props: WatchProps) {
  return props.view.params.edit === undefined ? <List {...props} /> : <Edit {...props} />;
}
