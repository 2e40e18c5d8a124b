import { formatBytes, formatChange } from '../lib/bytes.ts';
import { countOf } from '../lib/numbers.ts';
import { formatMomentBeside } from '../lib/time.ts';
import { minimap } from '../minimap.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf } from '../state.ts';
import { InstantForm } from './instant-form.tsx';
import { Popover } from './popover.tsx';

/** What the snapshot is compared with: chosen here, told here. */

const BEFORE: readonly { readonly label: string; readonly ms: number }[] = [
  { label: '10 minutes before', ms: 600_000 },
  { label: 'an hour before', ms: 3_600_000 },
  { label: 'a day before', ms: 86_400_000 },
  { label: 'a week before', ms: 604_800_000 },
];

interface Compared {
  readonly ts: string;
  readonly previous?: string | null;
  readonly used_bytes?: number | null;
  readonly base: { readonly ts: string; readonly used_bytes: number | null } | null;
  readonly gone: { readonly processes: number; readonly rss_bytes: number } | null;
}

interface BaseBarProps {
  readonly view: View;
  readonly answer: Compared;
}

/** The first look at a change is at what grew. */
function compareHref(view: View, base: string): string {
  return hrefOf(changeView(view, { base, order: view.params.order ?? '-change_subtree' }));
}

/** Instants before this one, as far back as the recording goes. */
function choicesOf({ ts, previous }: Compared) {
  const t = Date.parse(ts);
  const from = Date.parse(minimap.value?.from ?? ts);
  const instants = BEFORE.filter(({ ms }) => t - ms >= from).map(({ label, ms }) => ({
    label,
    ts: new Date(t - ms).toISOString(),
  }));
  return previous ? [{ label: 'the sample before', ts: previous }, ...instants] : instants;
}

function Choices({ view, answer }: BaseBarProps) {
  return (
    <Popover label="Compare" title="Show what changed since another sample" side="end">
      <InstantForm
        view={view}
        name="base"
        label="Any instant"
        button="Compare"
        at={answer.base?.ts ?? answer.previous ?? answer.ts}
        hrefOf={(base) => compareHref(view, base)}
      />
      <ul class="choices">
        {choicesOf(answer).map(({ label, ts }) => (
          <li key={label}>
            <a href={compareHref(view, ts)}>{label}</a>
          </li>
        ))}
        <li>
          <a
            href={compareHref(view, answer.ts)}
            title="Then go to another sample: it is compared with this one"
          >
            pin this sample as baseline
          </a>
        </li>
      </ul>
    </Popover>
  );
}

function usedChange({ base, used_bytes: now }: Compared): string | null {
  if (!base || base.used_bytes === null || now === null || now === undefined) return null;
  return formatChange(now - base.used_bytes);
}

function goneText({ gone }: Compared): string {
  if (!gone || gone.processes === 0) return 'no process of then is gone';
  return `${countOf(gone.processes, 'process is', 'processes are')} gone (held ${formatBytes(gone.rss_bytes)})`;
}

/** Whether the reader is looking at the very sample that others are to be compared with. */
function isPinned({ ts, base }: Compared): boolean {
  return base !== null && base.ts === ts;
}

function Told({ view, answer }: BaseBarProps) {
  const { base, ts } = answer;
  if (!base) return null;
  const change = usedChange(answer);
  const since = formatMomentBeside(Date.parse(base.ts), Date.parse(ts));
  return (
    <span class="compared">
      {isPinned(answer) ? (
        <>This sample is the baseline: go to another to see what changed.</>
      ) : (
        <>
          Since <a href={hrefOf(changeView(view, { ts: base.ts, base: null, order: null }))}>{since}</a>
          {change ? `: used memory ${change}` : ''} · {goneText(answer)}
        </>
      )}{' '}
      <a class="btn quiet" href={hrefOf(changeView(view, { base: null, order: null }))}>
        Stop comparing
      </a>
    </span>
  );
}

export function BaseBar({ view, answer }: BaseBarProps) {
  return (
    <>
      <Told view={view} answer={answer} />
      <Choices key={`${answer.ts} ${answer.base?.ts}`} view={view} answer={answer} />
    </>
  );
}
