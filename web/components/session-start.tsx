import { useSignal } from '@preact/signals';
import { SESSION, SESSION_NAME_HELP } from '../../server/domain/session.ts';
import { displayText } from '../../server/domain/text-notation.ts';
import { formatDuration } from '../../server/domain/units.ts';
import type { SessionItem } from '../../server/interfaces/http/schemas/sessions.ts';
import { sendChange } from '../api.ts';
import { askHealth } from '../health.ts';
import { failureText } from '../lib/failure-text.ts';
import { refresh } from '../screen.ts';

/** The form that begins a session. */

const INTERVALS = [0.2, 0.5, SESSION.interval.default, 2, 5, 10];
const DURATIONS = [60, 300, 900, SESSION.duration.default, 3600, 7200, 14_400];

interface ChoiceProps {
  readonly label: string;
  readonly name: string;
  readonly seconds: readonly number[];
  readonly chosen: number;
  readonly format: (seconds: number) => string;
}

function Choice({ label, name, seconds, chosen, format }: ChoiceProps) {
  return (
    <label class="field">
      {label}
      <select name={name}>
        {seconds.map((one) => (
          <option key={one} value={one} selected={one === chosen}>
            {format(one)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** `session-1`, or the first number that no session has. */
function freeName(names: readonly string[]): string {
  let number = names.length + 1;
  while (names.includes(`session-${number}`)) number++;
  return `session-${number}`;
}

function planOf(form: HTMLFormElement) {
  const fields = new FormData(form);
  const text = (name: string) => String(fields.get(name) ?? '').trim();
  return {
    name: text('name'),
    label: text('label') || null,
    group: text('group') || null,
    interval_seconds: Number(text('interval')),
    duration_seconds: Number(text('duration')),
  };
}

interface StartProps {
  readonly names: readonly string[];
  readonly groups: readonly string[];
}

/** What is sent, and what came of it. */
function useStart() {
  const said = useSignal('');
  const isBusy = useSignal(false);
  const start = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    isBusy.value = true;
    said.value = '';
    const outcome = await sendChange<SessionItem>('POST', '/api/v1/sessions', planOf(event.currentTarget));
    isBusy.value = false;
    said.value = outcome.kind === 'answer' ? '' : failureText(outcome);
    refresh();
    void askHealth();
  };
  return { said, isBusy, start };
}

export function StartForm({ names, groups }: StartProps) {
  const { said, isBusy, start } = useStart();
  return (
    <form class="session-start" method="post" onSubmit={(event) => void start(event)}>
      <h2>Record a session</h2>
      <div class="fields">
        <label class="field">
          Name
          <input
            name="name"
            required
            maxLength={60}
            defaultValue={freeName(names)}
            title={SESSION_NAME_HELP}
          />
        </label>
        <Choice
          label="every"
          name="interval"
          seconds={INTERVALS}
          chosen={SESSION.interval.default}
          format={(seconds) => `${seconds} s`}
        />
        <Choice
          label="for"
          name="duration"
          seconds={DURATIONS}
          chosen={SESSION.duration.default}
          format={(seconds) => formatDuration(seconds).replaceAll(/ 0[ms]/g, '')}
        />
        <label class="field">
          showing
          <select name="group">
            <option value="">the host</option>
            {groups.map((group) => (
              <option key={group} value={group}>
                {displayText(group)}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          Label
          <input name="label" maxLength={SESSION.label} placeholder="a few words" />
        </label>
        <button type="submit" class="btn primary" disabled={isBusy.value}>
          {isBusy.value ? 'Starting…' : 'Start'}
        </button>
      </div>
      <p class="hurting" role="status">
        {said.value}
      </p>
    </form>
  );
}
