import { render } from 'preact';
import { App } from './app.tsx';
import { startHealth } from './health.ts';
import { startLiveFeed } from './live-feed.ts';
import { startMachine } from './machine.ts';
import { startMinimap } from './minimap.ts';
import { startNavigation } from './navigation.ts';
import { requirePage } from './page-code.ts';
import { startPreferences } from './preferences.ts';
import { startResolution } from './resolution-choice.ts';
import { startScreen } from './screen.ts';
import { startShortcuts } from './shortcuts.ts';
import { startTheme } from './theme.ts';

startTheme();
startNavigation();
startPreferences();
startResolution();
startScreen(requirePage);
startMachine();
startLiveFeed();
startHealth();
startMinimap();
startShortcuts();

const root = document.getElementById('app');
if (root) render(<App />, root);
