import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { SnapshotsAnswer } from '../../server/interfaces/http/schemas.ts';
import { isFollowing } from '../about-view.ts';
import { fetchAnswer } from '../api.ts';
import { formatMoment, formatMomentBeside, zoneLabel } from '../lib/time.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf } from '../state.ts';
import { HostChoice } from './host-choice.tsx';
import { InstantForm } from './instant-form.tsx';
import { Popover } from './popover.tsx';

/** Which sample is shown, and the way to others: one back, one on, the newest, or any instant. */

interface Sample {
  readonly ts: string;
  /** `null`: there is none. Absent: the answer does not tell. */
  readonly previous?: string | null;
  readonly next?: string | null;
}

interface SampleBarProps {
  readonly view: View;
  readonly sample: Sample;
}

const NEAR = 6;

interface StepProps {
  readonly view: View;
  readonly ts: string | null;
  readonly label: string;
  readonly sign: string;
  readonly keys: string;
}

function Step({ view, ts, label, sign, keys }: StepProps) {
  if (!ts) {
    return (
      <span class="btn step off" title={`No ${label.toLowerCase()}`}>
        {sign}
      </span>
    );
  }
  return (
    <a
      class="btn step"
      href={hrefOf(changeView(view, { ts }))}
      rel={keys === '[' ? 'prev' : 'next'}
      aria-label={`${label}, ${formatMoment(Date.parse(ts))}`}
      aria-keyshortcuts={keys}
      title={`${label} (${keys})`}
    >
      {sign}
    </a>
  );
}

/** Enough time on both sides to hold a handful of samples, judged by the neighbours. */
function searchReach({ ts, previous, next }: Sample): number {
  const t = Date.parse(ts);
  const spacings = [previous ? t - Date.parse(previous) : 0, next ? Date.parse(next) - t : 0];
  return Math.max(60_000, Math.max(...spacings) * (NEAR + 1));
}

async function fetchNearest(view: View, sample: Sample): Promise<readonly number[]> {
  const t = Date.parse(sample.ts);
  const reach = searchReach(sample);
  const query = new URLSearchParams({ from: String(t - reach), to: String(t + reach), format: 'json' });
  if (view.params.host) query.set('host', view.params.host);
  const outcome = await fetchAnswer<SnapshotsAnswer>(`/api/v1/snapshots?${query}`);
  if (outcome.kind !== 'answer') return [];
  const before = outcome.answer.t.filter((at) => at < t).slice(-NEAR);
  return [...before, ...outcome.answer.t.filter((at) => at >= t).slice(0, NEAR + 1)];
}

function NearestList({ view, sample, near }: SampleBarProps & { readonly near: readonly number[] }) {
  const t = Date.parse(sample.ts);
  return (
    <ol class="near">
      {near.map((at) => (
        <li key={at}>
          <a
            href={hrefOf(changeView(view, { ts: new Date(at).toISOString() }))}
            aria-current={at === t ? 'true' : undefined}
          >
            {formatMomentBeside(at, t)}
          </a>
        </li>
      ))}
    </ol>
  );
}

function SamplePicker({ view, sample }: SampleBarProps) {
  const near = useSignal<readonly number[]>([]);
  const onOpen = async () => {
    near.value = await fetchNearest(view, sample);
  };
  return (
    <Popover
      label={<time dateTime={sample.ts}>{formatMoment(Date.parse(sample.ts))}</time>}
      onOpen={() => void onOpen()}
    >
      <InstantForm
        view={view}
        name="ts"
        label="Go to"
        button="Go"
        at={sample.ts}
        hrefOf={(ts) => hrefOf(changeView(view, { ts }))}
      >
        2025-11-21 20:00:07, 20251121_200007, -3m before the newest, latest
      </InstantForm>
      <NearestList view={view} sample={sample} near={near.value} />
    </Popover>
  );
}

export function SampleBar({
  view,
  sample,
  children,
}: SampleBarProps & { readonly children?: ComponentChildren }) {
  const steps = { view, keys: '[' };
  return (
    <div class="samples">
      <nav class="stepper" aria-label="Sample">
        {sample.previous === undefined ? null : (
          <Step {...steps} ts={sample.previous} label="Previous sample" sign="‹" />
        )}
        <SamplePicker key={sample.ts} view={view} sample={sample} />
        {sample.next === undefined ? null : (
          <Step {...steps} keys="]" ts={sample.next} label="Next sample" sign="›" />
        )}
        {isFollowing(view) ? (
          <span class="tag">{view.params.ts ?? 'latest'}</span>
        ) : (
          <a class="btn" href={hrefOf(changeView(view, { ts: null }))}>
            Latest
          </a>
        )}
      </nav>
      <span class="muted">{zoneLabel(Date.parse(sample.ts))}</span>
      <HostChoice view={view} />
      <span class="grow" />
      {children}
    </div>
  );
}
