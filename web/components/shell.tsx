import type { ComponentChildren } from 'preact';
import { hasRange, isFollowing } from '../about-view.ts';
import { toggleFollowing } from '../following.ts';
import { health } from '../health.ts';
import { liveHref } from '../live-choice.ts';
import { machine } from '../machine.ts';
import { view } from '../navigation.ts';
import { isBusy, isLoading, staleSince } from '../screen.ts';
import { overviewHref, snapshotHref } from '../shortcuts.ts';
import type { View } from '../state.ts';
import { analyzeHref, linkTo } from '../state.ts';
import { CopyLink } from './copy-link.tsx';
import { HelpButton, HelpDialog } from './help-dialog.tsx';
import { Minimap } from './minimap.tsx';
import { HEADING_ID } from './page-head.tsx';
import { RangePicker } from './range-picker.tsx';
import { ClockButton, ThemeButton, UnitButton } from './reader-buttons.tsx';
import { SearchBox } from './search-box.tsx';
import { SessionStrip } from './session-strip.tsx';
import { DemoBadge, StaleBanner, Status, StillLoading } from './status.tsx';

const SNAPSHOT_PAGES: ReadonlySet<string> = new Set(['snapshot', 'level', 'pid', 'plot', 'groups']);
const LIVE_PAGES: ReadonlySet<string> = new Set(['live', 'watch', 'sessions']);
const STATUS_PAGES: ReadonlySet<string> = new Set(['status', 'files']);

/** With how many fire, on the host that is looked at. */
function AlertsLink({ here, isHere }: { readonly here: View; readonly isHere: boolean }) {
  const { host, firing = 0 } = health.value?.alerts ?? {};
  const isOfHost = here.params.host === undefined || here.params.host === host;
  const count = isOfHost ? firing : 0;
  return (
    <a
      href={linkTo('alerts', here)}
      aria-current={isHere ? 'page' : undefined}
      aria-label={count > 0 ? `Alerts, ${count} firing` : undefined}
    >
      Alerts{count > 0 ? <b class="hurting"> ({count})</b> : null}
    </a>
  );
}

function Navigation() {
  const here = view.value;
  const current = (isHere: boolean) => (isHere ? 'page' : undefined);
  return (
    <nav class="nav" aria-label="Pages">
      <a href={overviewHref(here)} aria-current={current(here.page === 'overview')}>
        Overview
      </a>
      <a href={liveHref(here)} aria-current={current(LIVE_PAGES.has(here.page))}>
        Live
      </a>
      <a href={linkTo('system', here)} aria-current={current(here.page === 'system')}>
        System
      </a>
      <a href={snapshotHref(here)} aria-current={current(SNAPSHOT_PAGES.has(here.page))}>
        Snapshot
      </a>
      <a href={analyzeHref(here)} aria-current={current(here.page === 'analyze')}>
        Analyse
      </a>
      <AlertsLink here={here} isHere={here.page === 'alerts'} />
      <a href={linkTo('learn', here)} aria-current={current(here.page === 'learn')}>
        Learn
      </a>
      <a href={linkTo('status', here)} aria-current={current(STATUS_PAGES.has(here.page))}>
        Status
      </a>
    </nav>
  );
}

/** Whether the charts go on with what is new. The live page has this among its own buttons. */
function FollowSwitch() {
  const isOn = isFollowing(view.value);
  return (
    <button
      type="button"
      class="btn quiet follow"
      aria-pressed={isOn}
      aria-keyshortcuts="."
      title={
        isOn
          ? 'The charts go on with what is new; stand still (.)'
          : 'This stands still; go on with what is new (.)'
      }
      onClick={toggleFollowing}
    >
      Live
    </button>
  );
}

function Bar() {
  return (
    <header class="bar">
      <a class="brand" href={overviewHref(view.value)}>
        Memory Inspector
      </a>
      <Navigation />
      <span class="host">{machine.value?.host}</span>
      <span class="grow" />
      <SearchBox />
      <Status />
      {view.value.page === 'overview' ? <FollowSwitch /> : null}
      {hasRange(view.value) && view.value.page !== 'live' ? <RangePicker view={view.value} /> : null}
      <span class="tools">
        <UnitButton />
        <ClockButton />
        <CopyLink />
        <ThemeButton />
        <HelpButton />
      </span>
    </header>
  );
}

export function Shell({ children }: { readonly children: ComponentChildren }) {
  return (
    <>
      <a class="skip" href={`#${HEADING_ID}`}>
        Skip to content
      </a>
      <Bar />
      <Minimap />
      <div class="busy" hidden={!isBusy.value} />
      <DemoBadge />
      <StaleBanner />
      <main aria-busy={isLoading.value} data-stale={staleSince.value === null ? undefined : ''}>
        {children}
      </main>
      <StillLoading />
      <SessionStrip />
      <HelpDialog />
    </>
  );
}
