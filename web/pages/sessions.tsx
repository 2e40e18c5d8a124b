import { useEffect } from 'preact/hooks';
import type { SessionsPageAnswer } from '../../server/interfaces/http/schemas/sessions.ts';
import { CompareForm } from '../components/compare-form.tsx';
import { ExportMenu } from '../components/export-menu.tsx';
import { LiveTabs } from '../components/live-tabs.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Recording } from '../components/session-recording.tsx';
import { StartForm } from '../components/session-start.tsx';
import { SessionTable } from '../components/session-table.tsx';
import { refresh } from '../screen.ts';
import { SessionComparison } from './session-comparison.tsx';
import { SessionSummary } from './session-summary.tsx';
import type { SessionsProps } from './sessions-props.ts';

/** Recordings at a finer interval, for a while: begun, listed, looked at, compared. */

const RENEWED_EVERY_MS = 2000;

/** While something is being recorded there is something new to see. */
function useRenewal(isRecording: boolean): void {
  useEffect(() => {
    if (!isRecording) return;
    const timer = setInterval(() => {
      if (!document.hidden) refresh();
    }, RENEWED_EVERY_MS);
    return () => clearInterval(timer);
  }, [isRecording]);
}

function Unreadable({ answer: { unreadable } }: Pick<SessionsProps, 'answer'>) {
  if (unreadable.length === 0) return null;
  return (
    <ul class="plain note hurt">
      {unreadable.map(({ name, reason }) => (
        <li key={name}>{reason}</li>
      ))}
    </ul>
  );
}

function SessionList({ view, answer }: SessionsProps) {
  const { sessions, groups } = answer;
  const names = sessions.map(({ name }) => name);
  const [b, a] = sessions.filter(({ state }) => state !== 'recording').map(({ name }) => name);
  return (
    <>
      <PageHead title="Sessions">
        A session records the whole host at a finer interval, for a while, into a folder of its own. Two of
        them tell whether a change helped.
      </PageHead>
      <LiveTabs view={view} />
      {sessions
        .filter(({ state }) => state === 'recording')
        .map((session) => (
          <Recording key={session.name} session={session} serverNow={answer.now} />
        ))}
      <StartForm names={names} groups={groups} />
      <Unreadable answer={answer} />
      <div class="toolbar">
        <h2>Recorded sessions</h2>
        <span class="grow" />
        <ExportMenu view={view} answer={answer} />
      </div>
      {sessions.length === 0 ? (
        <p class="muted">
          None yet. The form above records one, and so does <code>pmi session start NAME</code> in a terminal.
        </p>
      ) : (
        <SessionTable view={view} sessions={sessions} />
      )}
      {names.length > 1 ? (
        <section class="block">
          <h2>Compare two</h2>
          <CompareForm view={view} names={names} a={a} b={b} />
        </section>
      ) : null}
    </>
  );
}

function isRecordingIn({ sessions, summary, comparison }: SessionsPageAnswer): boolean {
  const shown = comparison ? [comparison.a, comparison.b] : summary ? [summary.session] : sessions;
  return shown.some(({ state }) => state === 'recording');
}

export function SessionsPage({ view, answer }: SessionsProps) {
  useRenewal(isRecordingIn(answer));
  const { summary, comparison } = answer;
  if (comparison) return <SessionComparison view={view} answer={answer} comparison={comparison} />;
  if (summary) return <SessionSummary view={view} answer={answer} summary={summary} />;
  return <SessionList view={view} answer={answer} />;
}
