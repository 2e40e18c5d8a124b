import { toggleFollowing } from '../following.ts';
import {
  isAtNow,
  PACES,
  POINT_WINDOWS,
  paceOf,
  pointsOf,
  stepWindow,
  TIME_WINDOWS,
  timeWindowOf,
} from '../lib/live-window.ts';
import type { Span } from '../lib/series.ts';
import { rememberLive } from '../live-choice.ts';
import { adjustView, navigate } from '../navigation.ts';
import type { ParamChanges, View } from '../state.ts';
import { changeView, hrefOf } from '../state.ts';
import { Choice } from './choice.tsx';

/** What is watched, how much of it is seen, and whether it goes on. */

function go(view: View, changes: ParamChanges): void {
  navigate(hrefOf(changeView(view, changes)));
}

/** A choice is a place to come back to, on another day too. */
function choose(view: View, changes: ParamChanges): void {
  rememberLive(changeView(view, changes));
  go(view, changes);
}

const HOST = '';

/** @param names of the groups that the server knows; one that is asked for and is not there is told */
export function GroupChoice({ view, names }: { readonly view: View; readonly names: readonly string[] }) {
  const { watch = HOST } = view.params;
  const all = watch === HOST || names.includes(watch) ? names : [...names, watch];
  return (
    <Choice
      label="Watch"
      value={watch}
      onChoose={(name) => choose(view, { watch: name || null, hide: null, mark: null })}
    >
      <option value={HOST}>this host</option>
      {all.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </Choice>
  );
}

const STANDING = 'standing';

/** Points of the feed, or a stretch of time; both end now. */
export function WindowChoice({ view }: { readonly view: View }) {
  const { params } = view;
  const time = timeWindowOf(params);
  const value = isAtNow(params) ? (time ? `-${time}` : String(pointsOf(params))) : STANDING;
  const onChoose = (chosen: string) =>
    choose(
      view,
      chosen.startsWith('-')
        ? { from: chosen, to: null, points: null }
        : { from: null, to: null, points: chosen },
    );
  return (
    <Choice label="Show" value={value} onChoose={onChoose}>
      {value === STANDING ? <option value={STANDING}>a stretch of the past</option> : null}
      <optgroup label="Points">
        {POINT_WINDOWS.map((count) => (
          <option key={count} value={String(count)}>
            {count} points
          </option>
        ))}
      </optgroup>
      <optgroup label="Time">
        {TIME_WINDOWS.map((one) => (
          <option key={one} value={`-${one}`}>
            last {one.replace('m', ' min').replace('h', ' h')}
          </option>
        ))}
      </optgroup>
    </Choice>
  );
}

export function PaceChoice({ view }: { readonly view: View }) {
  const value = String(paceOf(view.params) / 1000);
  const onChoose = (seconds: string) =>
    adjustView(changeView(view, { every: seconds === String(PACES[0]) ? null : seconds }));
  return (
    <Choice label="Draw every" value={value} onChoose={onChoose}>
      {PACES.map((seconds) => (
        <option key={seconds} value={String(seconds)}>
          {seconds} s
        </option>
      ))}
    </Choice>
  );
}

interface StandingProps {
  readonly view: View;
  readonly span: Span;
  readonly newest: number;
}

/** Back and on by half of what is seen; on beyond now is now. */
function step({ view, span, newest }: StandingProps, direction: -1 | 1): void {
  const next = stepWindow(span, direction, newest);
  if (!next) toggleFollowing();
  else go(view, { from: new Date(next.from).toISOString(), to: new Date(next.to).toISOString() });
}

export function PauseButtons(props: StandingProps) {
  const isLive = isAtNow(props.view.params);
  return (
    <span class="stepper">
      <button
        type="button"
        class="btn step"
        aria-label="Earlier"
        title="Half of this stretch back"
        onClick={() => step(props, -1)}
      >
        ‹
      </button>
      <button
        type="button"
        class={isLive ? 'btn' : 'btn primary'}
        aria-keyshortcuts="."
        title={`${isLive ? 'Stand still' : 'Go on with what is new'} (.)`}
        onClick={toggleFollowing}
      >
        {isLive ? 'Pause' : 'Back to now'}
      </button>
      <button
        type="button"
        class="btn step"
        aria-label="Later"
        title="Half of this stretch on"
        disabled={isLive}
        onClick={() => step(props, 1)}
      >
        ›
      </button>
    </span>
  );
}

/** Means and peaks count from the mark on, and the charts show it. */
export function MarkButton({ view, newest }: { readonly view: View; readonly newest: number }) {
  const isMarked = view.params.mark !== undefined;
  const set = (mark: string | null) => adjustView(changeView(view, { mark }));
  return (
    <>
      <button
        type="button"
        class="btn"
        title="Mean and peak count from here on"
        onClick={() => set(new Date(newest).toISOString())}
      >
        Mark here
      </button>
      {isMarked ? (
        <button type="button" class="btn quiet" onClick={() => set(null)}>
          Remove mark
        </button>
      ) : null}
    </>
  );
}
