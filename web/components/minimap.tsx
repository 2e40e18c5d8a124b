import { useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import type { MinimapAnswer } from '../../server/interfaces/http/schemas/minimap.ts';
import { hasRange, usualFrom } from '../about-view.ts';
import { liveSpan } from '../following.ts';
import { health, lastSample } from '../health.ts';
import { formatBytes } from '../lib/bytes.ts';
import type { Grip } from '../lib/minimap-geometry.ts';
import { areaPath, draggedWindow, gripAt, instantAt, shareOf } from '../lib/minimap-geometry.ts';
import { countOf } from '../lib/numbers.ts';
import type { Span } from '../lib/series.ts';
import { extremesOf } from '../lib/series.ts';
import { formatMoment } from '../lib/time.ts';
import { minimap } from '../minimap.ts';
import { navigate, view } from '../navigation.ts';
import type { Ready } from '../screen.ts';
import { screen } from '../screen.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf, linkTo } from '../state.ts';
import { MinimapGrips } from './minimap-grips.tsx';

/** The whole recording on top of every page: what is shown of it can be seen, moved and chosen anew. */

const WIDTH = 1200;
/** A hand that moved less than this has clicked. */
const CLICK_PX = 4;
const REACH_PX = 7;

function spanOf({ from, to }: { readonly from: string; readonly to: string }): Span {
  return { from: Date.parse(from), to: Date.parse(to) };
}

/** An edge of the window: as it was asked for where that is an instant, else where the shown samples end. */
function edgeOf(asked: string | undefined, shown: string): number {
  const t = Date.parse(asked ?? '');
  return asked?.includes('T') && !Number.isNaN(t) ? t : Date.parse(shown);
}

function clipSpan({ from, to }: Span, whole: Span): Span {
  const inside = (t: number) => Math.min(whole.to, Math.max(whole.from, t));
  return { from: inside(from), to: inside(to) };
}

/** What the answer on the screen is of. */
function answeredSpan(shown: Ready): { readonly from: string; readonly to: string } | null {
  if (shown.page === 'overview') return shown.answer.coverage;
  if (shown.page === 'plot') return shown.answer.range;
  const ts = 'ts' in shown.answer ? shown.answer.ts : null;
  return ts === null ? null : { from: ts, to: ts };
}

/** What of the recording is on the screen, or about to be: a stretch, or one instant. */
function shownWindow(whole: Span, at: View): Span {
  const shown = screen.value;
  if (shown.state !== 'ready') return whole;
  if (shown.page === 'live') return clipSpan(liveSpan.value ?? whole, whole);
  const told = answeredSpan(shown);
  if (!told) return { from: whole.to, to: whole.to };
  // A key that is held goes on from where the last one led, not from the answer that is on its way.
  const isComing = at.page === shown.page && at !== shown.view;
  const { from, to, ts } = isComing ? at.params : shown.view.params;
  if (hasRange(shown.view)) return { from: edgeOf(from, told.from), to: edgeOf(to, told.to) };
  const t = edgeOf(isComing ? ts : undefined, told.to);
  return { from: t, to: t };
}

function iso(t: number): string {
  return new Date(t).toISOString();
}

/** Where a chosen stretch leads: to itself where the page shows stretches, else to its last instant. */
export function hrefOfWindow(at: View, { from, to }: Span, whole: Span): string {
  if (!hasRange(at)) return hrefOf(changeView(at, { ts: iso(to) }));
  return hrefOf(
    changeView(at, {
      from: from <= whole.from && usualFrom(at) === null ? null : iso(from),
      to: to >= whole.to ? null : iso(to),
    }),
  );
}

/** Where a clicked instant leads. */
function hrefOfInstant(at: View, t: number): string {
  return hasRange(at) ? linkTo('snapshot', at, { ts: iso(t) }) : hrefOf(changeView(at, { ts: iso(t) }));
}

function describe(map: MinimapAnswer): string {
  const used = extremesOf({ t: map.t, values: map.used_bytes });
  const kills = map.events.filter(({ kind }) => kind === 'oom_kill').length;
  const alerts = map.events.filter(({ kind }) => kind === 'alert').length;
  const reboots = map.gaps.filter(({ reason }) => reason === 'reboot').length;
  const parts = [
    `${formatMoment(Date.parse(map.from))} to ${formatMoment(Date.parse(map.to))}`,
    used ? `used ${formatBytes(used.low.value)} to ${formatBytes(used.high.value)}` : 'use unknown',
    countOf(map.gaps.length, 'gap', 'gaps'),
    ...(reboots > 0 ? [countOf(reboots, 'reboot', 'reboots')] : []),
    ...(kills > 0 ? [countOf(kills, 'OOM kill', 'OOM kills')] : []),
    ...(alerts > 0 ? [countOf(alerts, 'alert', 'alerts')] : []),
  ];
  return `The whole recording: ${parts.join(', ')}.`;
}

/** The upper edge is all of the RAM, or where that is unknown the most that was used. */
function topOf({ mem_total_bytes, used_bytes }: MinimapAnswer): number {
  const largest = (values: readonly (number | null)[]) =>
    values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  return largest(mem_total_bytes) || largest(used_bytes);
}

function Picture({ map }: { readonly map: MinimapAnswer }) {
  const whole = spanOf(map);
  const path = useMemo(() => areaPath(map.t, map.used_bytes, whole, WIDTH, topOf(map)), [map]);
  return (
    <svg class="minimap-picture" viewBox={`0 0 ${WIDTH} 100`} preserveAspectRatio="none" aria-hidden="true">
      <path class="area" d={path} />
      {map.gaps.map(({ from, to, reason }) => {
        const x = shareOf(Date.parse(from), whole) * WIDTH;
        const width = Math.max(1.5, shareOf(Date.parse(to), whole) * WIDTH - x);
        return <rect key={from} class="gap" data-reason={reason} x={x} y="0" width={width} height="100" />;
      })}
    </svg>
  );
}

function Diamonds({ map }: { readonly map: MinimapAnswer }) {
  const whole = spanOf(map);
  return (
    <>
      {map.events
        .filter(({ kind }) => kind !== 'gap')
        .map(({ t, kind, text }) => (
          <i
            key={`${kind} ${t}`}
            class="minimap-event"
            data-kind={kind}
            style={{ '--at': String(shareOf(t, whole)) }}
            title={`${formatMoment(t)} ${text}`}
          />
        ))}
    </>
  );
}

interface Drag {
  readonly grip: Grip;
  readonly start: Span;
  readonly a: number;
  readonly x: number;
}

/** Follows one hand from its first touch to its last. */
function useDrag(whole: Span, shown: Span, at: View) {
  const strip = useRef<HTMLDivElement>(null);
  const drag = useRef<Drag | null>(null);
  const draft = useSignal<Span | null>(null);
  const share = (event: PointerEvent) => {
    const box = strip.current?.getBoundingClientRect();
    return box ? (event.clientX - box.left) / box.width : 0;
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || !strip.current) return;
    const a = share(event);
    const grip = gripAt(a, shown, whole, REACH_PX / strip.current.clientWidth);
    drag.current = { grip: hasRange(at) ? grip : 'new', start: shown, a, x: event.clientX };
    strip.current.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent) => {
    const held = drag.current;
    if (!held || Math.abs(event.clientX - held.x) < CLICK_PX) return;
    draft.value = draggedWindow(held.grip, held.start, held.a, share(event), whole);
  };
  const onPointerUp = (event: PointerEvent) => {
    const held = drag.current;
    drag.current = null;
    const chosen = draft.value;
    draft.value = null;
    if (!held) return;
    navigate(chosen ? hrefOfWindow(at, chosen, whole) : hrefOfInstant(at, instantAt(share(event), whole)));
  };
  const onPointerCancel = () => {
    drag.current = null;
    draft.value = null;
  };
  return { strip, draft, onPointerDown, onPointerMove, onPointerUp, onPointerCancel };
}

function Strip({ map }: { readonly map: MinimapAnswer }) {
  const at = view.value;
  const whole = spanOf(map);
  const shown = shownWindow(whole, at);
  const { strip, draft, ...hand } = useDrag(whole, shown, at);
  const window = draft.value ?? shown;
  return (
    <section class="minimap" aria-label={describe(map)}>
      <div ref={strip} class="minimap-strip" {...hand}>
        <Picture map={map} />
        <Diamonds map={map} />
        <MinimapGrips
          window={window}
          whole={whole}
          isInstant={!hasRange(at) && draft.value === null}
          onMove={(next) => navigate(hrefOfWindow(at, next, whole))}
        />
      </div>
      {draft.value ? (
        <output class="minimap-draft">
          {formatMoment(draft.value.from)} – {formatMoment(draft.value.to)}
        </output>
      ) : null}
    </section>
  );
}

export function Minimap() {
  const map = minimap.value;
  const isEmpty = health.value !== null && lastSample.value === null;
  if (isEmpty && !map) return null;
  // Its room is kept from the start: what comes late must not move what somebody is about to click.
  if (!map || map.t.length === 0) return <div class="minimap waiting" />;
  return <Strip map={map} />;
}
