import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { LIMIT } from '../../server/domain/process-filter.ts';
import { REGION_INTERVAL_HELP } from '../../server/domain/region-cadence.ts';
import { GROUP_NAME_HELP, WATCH_LIMITS } from '../../server/domain/watch-group.ts';
import type { SnapshotAnswer } from '../../server/interfaces/http/schemas/snapshot.ts';
import type { Failure } from '../api.ts';
import { sendChange } from '../api.ts';
import { besideHref, useBeside } from '../beside.ts';
import type { Draft, DraftMember, FieldFault, ToldGroup } from '../lib/watch-draft.ts';
import {
  blankMember,
  draftOf,
  groupOf,
  groupPath,
  NEW_DRAFT,
  NEW_GROUP,
  nameFault,
  sameDraft,
} from '../lib/watch-draft.ts';
import { navigate } from '../navigation.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf } from '../state.ts';
import { drafts, dropDraft, keepDraft } from '../watch-drafts.ts';
import { Moment } from './figures.tsx';
import { WatchDelete } from './watch-delete.tsx';
import { MemberFields, TextField } from './watch-member-fields.tsx';
import { tryDraft } from './watch-preview.tsx';

interface EditorProps {
  readonly view: View;
  /** `null`: a new one. */
  readonly group: ToldGroup | null;
  readonly names: readonly string[];
  readonly host: string | null;
}

/** Rows of the sample that rules are tried on. */
function useSample({ view, host }: EditorProps): SnapshotAnswer | null {
  const { ts } = view.params;
  const href = besideHref('/api/v1/snapshot', { host: host ?? undefined, ts, limit: String(LIMIT.max) });
  return useBeside<SnapshotAnswer>(host === null ? null : href);
}

function faultOf(failure: Failure): FieldFault {
  if (failure.kind === 'offline')
    return { field: '', text: 'The server does not answer: nothing was saved.' };
  const { field = '', title, detail } = failure.problem;
  return { field, text: field === '' ? `${title}: ${detail}` : detail };
}

/** The draft, what is wrong with it, and what can be done with it. */
function useDraft({ view, group, names }: EditorProps) {
  const of = group?.name ?? NEW_GROUP;
  const saved = useMemo(() => (group ? draftOf(group) : NEW_DRAFT), [group]);
  const draft = drafts.value.get(of) ?? saved;
  const [fault, setFault] = useState<FieldFault | null>(null);
  const change = (next: Draft) => {
    if (sameDraft(next, saved)) dropDraft(of);
    else keepDraft(of, next);
  };
  const leave = (watch: string | null) => {
    dropDraft(of);
    navigate(hrefOf(changeView(view, { edit: null, watch })));
  };
  const save = async () => {
    const wrong = group ? null : nameFault(draft.name, names);
    if (wrong) return setFault(wrong);
    const { name, ...body } = groupOf(draft);
    const outcome = await sendChange('PUT', groupPath(name), body);
    if (outcome.kind === 'answer') leave(name);
    else setFault(faultOf(outcome));
  };
  return { draft, fault, isChanged: drafts.value.has(of), change, leave, save };
}

/** The first field that is wrong takes the focus. */
function useFocusOnFault(fault: FieldFault | null) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (fault) form.current?.querySelector<HTMLElement>('[aria-invalid], [role=alert] ~ .try')?.focus();
  }, [fault]);
  return form;
}

function withMember({ members }: Draft, place: number, member: DraftMember): readonly DraftMember[] {
  return members.map((one, at) => (at === place ? member : one));
}

function raised(members: readonly DraftMember[], place: number): readonly DraftMember[] {
  return members.with(place - 1, members[place]).with(place, members[place - 1]);
}

function nextId(members: readonly DraftMember[]): number {
  return Math.max(-1, ...members.map(({ id }) => id)) + 1;
}

type Editing = ReturnType<typeof useDraft>;

function Members({ draft, fault, change, sample }: Editing & { readonly sample: SnapshotAnswer | null }) {
  const { members } = draft;
  const tried = useMemo(() => (sample ? tryDraft(draft, sample.rows) : []), [draft, sample]);
  const put = (next: readonly DraftMember[]) => change({ ...draft, members: next });
  return (
    <>
      {members.map((member, place) => (
        <MemberFields
          key={member.id}
          member={member}
          place={place}
          count={members.length}
          found={tried[place] ?? null}
          fault={fault}
          onChange={(next) => put(withMember(draft, place, next))}
          onRemove={() => put(members.filter((one) => one !== member))}
          onRaise={() => put(raised(members, place))}
        />
      ))}
      {members.length < WATCH_LIMITS.members ? (
        <button
          type="button"
          class="btn add-member"
          onClick={() => put([...members, blankMember(nextId(members))])}
        >
          Add a member
        </button>
      ) : null}
    </>
  );
}

function Actions({ editing, group }: { readonly editing: Editing; readonly group: ToldGroup | null }) {
  return (
    <p class="actions">
      <button type="submit" class="btn primary">
        Save
      </button>
      <button type="button" class="btn" onClick={() => editing.leave(group?.name ?? null)}>
        {editing.isChanged ? 'Discard changes' : 'Back'}
      </button>
      {editing.isChanged ? <span class="muted">Not saved yet.</span> : null}
      <span class="grow" />
      {group ? <WatchDelete name={group.name} onDeleted={() => editing.leave(null)} /> : null}
    </p>
  );
}

/** A watch group as a form: what each rule would have stands beside it while it is written. */
export function WatchEditor(props: EditorProps) {
  const { group } = props;
  const editing = useDraft(props);
  const { draft, fault, change, save } = editing;
  const sample = useSample(props);
  const form = useFocusOnFault(fault);
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    void save();
  };
  return (
    <form ref={form} class="watch-editor" method="post" aria-label="Watch group" onSubmit={onSubmit}>
      {group ? null : (
        <TextField
          field="name"
          label="Name of the group"
          help={GROUP_NAME_HELP}
          value={draft.name}
          fault={fault}
          onInput={(name) => change({ ...draft, name })}
        />
      )}
      <p class="muted">
        All that a rule gives must hold. A process counts for the first member that it matches.
        {sample ? (
          <>
            {' '}
            Tried on the sample of <Moment at={sample.ts} />.
          </>
        ) : null}
      </p>
      <Members {...editing} sample={sample} />
      <TextField
        field="regions"
        label="Keep its memory regions every"
        help={`${REGION_INTERVAL_HELP} Empty: not at all. Reading takes 1 % of a CPU at most.`}
        value={draft.regions}
        fault={fault}
        onInput={(regions) => change({ ...draft, regions })}
      />
      {fault?.field === '' || fault?.field === 'members' ? (
        <p class="note hurt" role="alert">
          {fault.text}
        </p>
      ) : null}
      <Actions editing={editing} group={group} />
    </form>
  );
}
