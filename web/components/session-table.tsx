import { useSignal } from '@preact/signals';
import { displayText } from '../../server/domain/text-notation.ts';
import type { SessionItem } from '../../server/interfaces/http/schemas/sessions.ts';
import { sendChange } from '../api.ts';
import { failureText } from '../lib/failure-text.ts';
import { countOf, formatCount } from '../lib/numbers.ts';
import { refresh } from '../screen.ts';
import type { View } from '../state.ts';
import { linkTo } from '../state.ts';
import { Bytes, Duration, Moment } from './figures.tsx';

export const STATE_TEXT: Readonly<Record<SessionItem['state'], string>> = {
  recording: 'recording',
  done: 'done',
  stopped: 'stopped early',
  interrupted: 'interrupted',
};

/** Asks once more before it removes: what goes is said first. */
function RemoveButton({ session: { name, samples } }: { readonly session: SessionItem }) {
  const isAsked = useSignal(false);
  const said = useSignal('');
  const remove = async () => {
    if (!isAsked.value) {
      isAsked.value = true;
      return;
    }
    const outcome = await sendChange('DELETE', `/api/v1/sessions/${name}`);
    said.value = outcome.kind === 'answer' ? '' : failureText(outcome);
    refresh();
  };
  return (
    <>
      <button
        type="button"
        class="btn quiet"
        aria-label={`Remove ${name}`}
        onClick={() => void remove()}
        onBlur={() => {
          isAsked.value = false;
        }}
      >
        {isAsked.value ? `Remove ${countOf(samples, 'sample', 'samples')} for good` : 'Remove'}
      </button>
      <span class="hurting" role="status">
        {said.value}
      </span>
    </>
  );
}

function recordedSeconds({ started, ended, last_sample: last }: SessionItem): number {
  const to = ended ?? last ?? started;
  return (Date.parse(to) - Date.parse(started)) / 1000;
}

function SessionRow({ view, session }: { readonly view: View; readonly session: SessionItem }) {
  const { name, label, group, state, started, interval_seconds, samples, peak_used_bytes, said } = session;
  return (
    <tr>
      <th scope="row" class="l">
        <a href={linkTo('sessions', view, { name })}>{name}</a>
      </th>
      <td class="l opt">{label === null ? null : displayText(label)}</td>
      <td class="l">
        <span class={state === 'interrupted' ? 'hurting' : undefined}>{STATE_TEXT[state]}</span>
        {said ? <small class="muted recorder-said"> {displayText(said)}</small> : null}
      </td>
      <td class="l opt">
        <Moment at={started} />
      </td>
      <td>
        <Duration seconds={recordedSeconds(session)} />
      </td>
      <td class="num opt">{interval_seconds} s</td>
      <td class="num">{formatCount(samples)}</td>
      <td class="num opt">
        <Bytes value={peak_used_bytes} label="Largest used memory of the host" />
      </td>
      <td class="l opt">{group === null ? <span class="unknown">–</span> : displayText(group)}</td>
      <td class="l">{state === 'recording' ? null : <RemoveButton session={session} />}</td>
    </tr>
  );
}

interface SessionTableProps {
  readonly view: View;
  readonly sessions: readonly SessionItem[];
}

const HEADS: readonly (readonly [label: string, kind: string])[] = [
  ['Session', 'l'],
  ['Label', 'l opt'],
  ['State', 'l'],
  ['Started', 'l opt'],
  ['Recorded', ''],
  ['Interval', 'opt'],
  ['Samples', ''],
  ['Peak used', 'opt'],
  ['Watch group', 'l opt'],
];

export function SessionTable({ view, sessions }: SessionTableProps) {
  return (
    <div class="table-frame">
      <table class="sessions" aria-label="Sessions">
        <thead>
          <tr>
            {HEADS.map(([label, kind]) => (
              <th key={label} scope="col" class={kind}>
                {label}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <SessionRow key={session.name} view={view} session={session} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
