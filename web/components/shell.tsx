import type { ComponentChildren } from 'preact';
import { browserZone } from '../lib/time.ts';
import { machine } from '../machine.ts';
import { view } from '../navigation.ts';
import { isBusy, isLoading, staleSince } from '../screen.ts';
import { isHelpOpen, overviewHref, snapshotHref } from '../shortcuts.ts';
import { nextTheme, theme } from '../theme.ts';
import { HelpDialog } from './help-dialog.tsx';
import { HEADING_ID } from './page-head.tsx';
import { DemoBadge, StaleBanner, Status } from './status.tsx';

const THEME_SIGNS = { auto: '◐', light: '☀', dark: '☾' } as const;

function Navigation() {
  const here = view.value;
  const isSnapshot = here.page === 'level' || here.page === 'pid' || here.page === 'plot';
  return (
    <nav class="nav" aria-label="Pages">
      <a href={overviewHref(here)} aria-current={here.page === 'overview' ? 'page' : undefined}>
        Overview
      </a>
      <a href={snapshotHref(here)} aria-current={isSnapshot ? 'page' : undefined}>
        Snapshot
      </a>
      <a href="/docs">Docs</a>
    </nav>
  );
}

function ThemeButton() {
  const label = `Theme: ${theme.value}`;
  return (
    <button type="button" class="btn icon" onClick={nextTheme} aria-label={label} title={`${label} (t)`}>
      {THEME_SIGNS[theme.value]}
    </button>
  );
}

function HelpButton() {
  const open = () => {
    isHelpOpen.value = true;
  };
  return (
    <button
      type="button"
      class="btn icon"
      onClick={open}
      aria-label="Keyboard and help"
      title="Keyboard and help (?)"
    >
      ?
    </button>
  );
}

function Bar() {
  return (
    <header class="bar">
      <a class="brand" href={overviewHref(view.value)}>
        Memory Inspector
      </a>
      <span class="host">{machine.value?.host}</span>
      <Navigation />
      <span class="grow" />
      <Status />
      <span class="zone" title="Times are shown in this browser's time zone">
        {browserZone}
      </span>
      <span class="tools">
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
      <div class="busy" hidden={!isBusy.value} />
      <DemoBadge />
      <StaleBanner />
      <main aria-busy={isLoading.value} data-stale={staleSince.value === null ? undefined : ''}>
        {children}
      </main>
      <HelpDialog />
    </>
  );
}
