import { signal } from '@preact/signals';
import { HOUR_MS } from '../server/domain/durations.ts';
import { hasRange } from './about-view.ts';
import { toggleFollowing } from './following.ts';
import { recall, remember } from './lib/storage.ts';
import { liveHref } from './live-choice.ts';
import { minimap } from './minimap.ts';
import { navigate, view } from './navigation.ts';
import { nextClock, nextUnit } from './preferences.ts';
import { screen } from './screen.ts';
import type { PageId, ParamChanges, View } from './state.ts';
import { analyzeHref, changeView, hrefOf, linkTo, viewOf } from './state.ts';
import { nextTheme } from './theme.ts';

/** Single keys, which a reader can switch off (WCAG 2.1.4). */

const STORED = 'pmi-single-keys';
const SEQUENCE_MS = 1200;

export const areShortcutsOn = signal(recall(STORED) !== 'off');
export const isHelpOpen = signal(false);

export function setShortcuts(on: boolean): void {
  areShortcutsOn.value = on;
  remember(STORED, on ? 'on' : 'off');
}

/** The snapshot page from here: the instant and the filters come along where the page has them. */
export function snapshotHref(from: View): string {
  return linkTo('snapshot', from);
}

export function overviewHref(from: View): string {
  return hrefOf(viewOf('overview', from));
}

/** The same view one sample earlier or later; `null` where there is none. */
export function neighbourHref(direction: 'previous' | 'next'): string | null {
  const shown = screen.value;
  if (shown.state !== 'ready' || !('previous' in shown.answer)) return null;
  const ts = direction === 'previous' ? shown.answer.previous : shown.answer.next;
  return ts ? hrefOf(changeView(shown.view, { ts })) : null;
}

/** The instant that the page is at: what it shows, or the end of its stretch. */
function shownInstant(): number | null {
  const shown = screen.peek();
  if (shown.state !== 'ready') return null;
  if ('coverage' in shown.answer) return Date.parse(shown.answer.coverage.to);
  return 'ts' in shown.answer && shown.answer.ts !== null ? Date.parse(shown.answer.ts) : null;
}

/** The snapshot at the nearest event before or after; `null` where there is none. */
function eventHref(isAfter: boolean): string | null {
  const at = shownInstant();
  const events = minimap.peek()?.events ?? [];
  if (at === null) return null;
  const found = isAfter ? events.find(({ t }) => t > at) : events.findLast(({ t }) => t < at);
  if (!found) return null;
  const ts = new Date(found.t).toISOString();
  const here = view.peek();
  return hasRange(here) ? linkTo('snapshot', here, { ts }) : hrefOf(changeView(here, { ts }));
}

function goTo(href: string | null): void {
  if (href) navigate(href);
}

function press(selector: string): void {
  const found = document.querySelector<HTMLElement>(selector);
  found?.click();
}

/** The row that has the focus, and its neighbours, whatever table it is of. */
function stepRow(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main tbody tr[tabindex]')];
  const at = rows.indexOf(document.activeElement?.closest('tr') as HTMLElement);
  rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))]?.focus();
}

/** The process of the focused row, else the one that the page is about. */
function subject(): Pick<ParamChanges, 'pid' | 'key'> | null {
  const row = document.activeElement?.closest<HTMLElement>('tr[data-pid]');
  if (row) return { pid: row.dataset.pid ?? '', key: row.dataset.key ?? null };
  const { page, params } = view.peek();
  return page === 'pid' || page === 'plot' ? { pid: params.pid ?? null, key: params.key ?? null } : null;
}

function instantText(t: number | null): string | null {
  return t === null ? null : new Date(t).toISOString();
}

function plotHref(): string | null {
  const about = subject();
  return about && linkTo('plot', view.peek(), { ...about, ts: instantText(shownInstant()) });
}

/** As it runs now, if it still does. */
function analysisHref(): string | null {
  const about = subject();
  return about && analyzeHref(view.peek(), { pid: about.pid ?? null });
}

/** The snapshot that is shown, compared with an hour before, or with the first there is. */
function changesHref(): string | null {
  const at = shownInstant();
  if (at === null) return null;
  const first = Date.parse(minimap.peek()?.from ?? '') || at;
  const base = instantText(Math.max(first, at - HOUR_MS));
  return linkTo('snapshot', view.peek(), { ts: instantText(at), base, order: '-change_subtree' });
}

function groupsHref(from: View): string {
  return linkTo('groups', from, { by: from.params.by ?? 'exe' });
}

interface Shortcut {
  readonly keys: readonly string[];
  readonly meaning: string;
  readonly run: () => void;
}

const go = (page: PageId) => () =>
  goTo(page === 'overview' ? overviewHref(view.value) : linkTo(page, view.value));

/** One key, or two in a row; in the order of the help. */
export const SHORTCUTS: readonly Shortcut[] = [
  { keys: ['/'], meaning: 'find a process', run: () => document.getElementById('search')?.focus() },
  { keys: ['['], meaning: 'previous sample', run: () => goTo(neighbourHref('previous')) },
  { keys: [']'], meaning: 'next sample', run: () => goTo(neighbourHref('next')) },
  { keys: ['{'], meaning: 'previous event: reboot, gap, OOM kill, alert', run: () => goTo(eventHref(false)) },
  { keys: ['}'], meaning: 'next event', run: () => goTo(eventHref(true)) },
  { keys: ['g', 'o'], meaning: 'go to the overview', run: go('overview') },
  { keys: ['g', 'l'], meaning: 'go to live', run: () => goTo(liveHref(view.value)) },
  { keys: ['g', 's'], meaning: 'go to the snapshot', run: go('snapshot') },
  { keys: ['g', 'r'], meaning: 'go to the groups', run: () => goTo(groupsHref(view.value)) },
  { keys: ['g', 'w'], meaning: 'go to the watch groups', run: go('watch') },
  { keys: ['g', 'a'], meaning: 'go to the alerts', run: go('alerts') },
  { keys: ['g', 'n'], meaning: 'go to the analysis', run: () => goTo(analyzeHref(view.value)) },
  { keys: ['g', 'f'], meaning: 'go to the files', run: go('files') },
  { keys: ['g', 'i'], meaning: 'go to the status', run: go('status') },
  { keys: ['g', 'y'], meaning: 'go to the system', run: go('system') },
  { keys: ['.'], meaning: 'stand still, or go on with what is new', run: toggleFollowing },
  { keys: ['j'], meaning: 'next row', run: () => stepRow(1) },
  { keys: ['k'], meaning: 'previous row', run: () => stepRow(-1) },
  { keys: ['p'], meaning: 'plot the process of this row or page', run: () => goTo(plotHref()) },
  { keys: ['n'], meaning: 'analyse the process of this row or page, now', run: () => goTo(analysisHref()) },
  { keys: ['w'], meaning: 'what changed in the hour before', run: () => goTo(changesHref()) },
  { keys: ['c'], meaning: 'copy a link to this moment', run: () => press('[data-copy-link=moment]') },
  { keys: ['C'], meaning: 'copy a link to the latest', run: () => press('[data-copy-link=latest]') },
  { keys: ['u'], meaning: 'sizes: MiB, MB', run: nextUnit },
  { keys: ['z'], meaning: 'times: this browser, UTC, the host', run: nextClock },
  { keys: ['t'], meaning: 'theme: auto, light, dark', run: nextTheme },
  {
    keys: ['?'],
    meaning: 'this help',
    run: () => {
      isHelpOpen.value = true;
    },
  },
];

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input:not([type=checkbox]), select, textarea') !== null;
}

let leader = '';
let leaderAt = Number.NEGATIVE_INFINITY;

/** The shortcut that a key ends, its leader included. */
function shortcutFor(event: KeyboardEvent): Shortcut | undefined {
  const isAfterLeader = leader !== '' && event.timeStamp - leaderAt < SEQUENCE_MS;
  const pressed = isAfterLeader ? [leader, event.key] : [event.key];
  leader = SHORTCUTS.some(({ keys }) => keys.length > 1 && keys[0] === event.key) ? event.key : '';
  leaderAt = event.timeStamp;
  return SHORTCUTS.find(({ keys }) => keys.join() === pressed.join());
}

function onKeyDown(event: KeyboardEvent): void {
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  if (modified || event.defaultPrevented || !areShortcutsOn.value || isTyping(event.target)) return;
  const shortcut = shortcutFor(event);
  if (!shortcut) return;
  event.preventDefault();
  shortcut.run();
}

export function startShortcuts(): void {
  document.addEventListener('keydown', onKeyDown);
}
