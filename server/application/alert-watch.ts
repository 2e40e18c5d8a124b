import { alertWhyText } from '../domain/alert-text.ts';
import { DAY_MS } from '../domain/durations.ts';
import type { Alerts } from './alerts.ts';
import type { EvaluatedRule } from './evaluate-alerts.ts';
import { evaluateAlerts } from './evaluate-alerts.ts';
import { figuresAt } from './view-alerts.ts';

/** Looks at the alerts of the newest host as its samples are taken in: how many fire, and what is new. */

/** At the newest sample. */
export interface FiringNow {
  readonly host: string;
  readonly firing: number;
}

export interface AlertWatch {
  /** As it was when the samples were looked at last; `null`: they were not, or nothing is recorded. */
  now(): FiringNow | null;
  /** Waits for the look that it takes just now. */
  close(): Promise<void>;
}

export interface AlertWatchWorld {
  /** An alert fired or ended, one sentence; those from before the first look are not told. */
  readonly onChange: (text: string) => void;
  readonly onFailure: (error: unknown) => void;
  /** Between two looks, ms. */
  readonly everyMs?: number;
}

const USUAL_EVERY_MS = 5000;
const REACH_MS = DAY_MS;
/** Looking takes no more than this part of the time. */
const SHARE = 50;

interface Told {
  readonly t: number;
  readonly text: string;
}

/** What happened to a rule's alerts, in order of time. */
function changesOf({ rule, series, run }: EvaluatedRule): Told[] {
  return run.episodes.flatMap((episode) => {
    const why = alertWhyText(rule, figuresAt(series, episode));
    const fired = { t: episode.fired, text: `alert ${rule.name}: ${why}` };
    return episode.ended === null ? [fired] : [fired, { t: episode.ended, text: `over: ${rule.name}` }];
  });
}

/** What has to be another for alerts to be others. */
function markOf({ history, rules, groups }: Alerts): string {
  const [host] = history.hosts();
  if (host === undefined) return '';
  const { t } = history.spine(host);
  return JSON.stringify([host, t.length, t.at(-1), rules.alertRules(), groups.groups()]);
}

export function openAlertWatch(
  alerts: Alerts,
  { onChange, onFailure, everyMs }: AlertWatchWorld,
): AlertWatch {
  let known: FiringNow | null = null;
  let mark = '';
  let toldTo = { host: '', t: 0 };
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    const found = markOf(alerts);
    if (found === mark) return;
    const [host] = alerts.history.hosts();
    const to = alerts.history.spine(host).t.at(-1) ?? 0;
    const evaluated = await evaluateAlerts(alerts, host, { from: to - REACH_MS, to });
    mark = found;
    known = { host, firing: evaluated.filter(({ run }) => run.state.phase === 'firing').length };
    const isFirst = toldTo.host !== host;
    const news = evaluated.flatMap(changesOf).filter(({ t }) => !isFirst && t > toldTo.t);
    for (const { text } of news.sort((a, b) => a.t - b.t)) onChange(text);
    toldTo = { host, t: to };
  }

  async function lookOn(): Promise<void> {
    const began = performance.now();
    await look().catch(onFailure);
    if (isClosed) return;
    const pause = Math.max(everyMs ?? USUAL_EVERY_MS, (performance.now() - began) * SHARE);
    timer = setTimeout(() => {
      looking = lookOn();
    }, pause);
    timer.unref();
  }

  let looking = lookOn();
  return {
    now: () => known,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
