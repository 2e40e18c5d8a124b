import type { Problem } from '../../server/interfaces/http/schemas.ts';
import type { Failure } from '../api.ts';
import { isWithoutDumps } from '../api.ts';
import { GoneProcess } from '../components/gone-process.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Lives } from '../components/process-links.tsx';
import { Prose } from '../components/prose.tsx';
import { ReadingProgress } from '../components/reading-progress.tsx';
import { currentState } from '../components/status.tsx';
import { health } from '../health.ts';
import { localizeInstants } from '../lib/time.ts';
import { retry } from '../screen.ts';
import type { ParamName, View } from '../state.ts';
import { changeView, hrefOf, linkTo } from '../state.ts';

/** Why there is nothing to see, in the server's words, and what can be done about it. */

interface FailedProps {
  readonly view: View;
  readonly failure: Failure;
}

/** Nothing recorded, or nothing read yet: then this is not the end of it. */
function NoDumps({ problem }: { readonly problem: Problem }) {
  const state = currentState();
  const ingest = health.value?.ingest;
  if (state?.kind === 'busy') {
    return (
      <div class="empty">
        <PageHead title="Reading the dumps" documentTitle="Memory Inspector" />
        <p>This page opens with the first sample.</p>
        {ingest ? <ReadingProgress reading={ingest} /> : null}
      </div>
    );
  }
  return (
    <div class="empty">
      <PageHead title={problem.title} documentTitle="Memory Inspector" />
      <p>
        {problem.title}. Start recording: <code>pmi collect</code> — or open a folder:{' '}
        <code>pmi serve --dumps DIR</code>.
      </p>
      <p class="muted">This page looks again every few seconds and opens with the first sample.</p>
    </div>
  );
}

function ServerGone() {
  return (
    <div class="empty">
      <PageHead title="The server does not answer" />
      <p>
        It may have been stopped: <code>pmi serve</code> or <code>pmi up</code> starts it. This page tries
        again by itself.
      </p>
      <p class="actions">
        <button type="button" class="btn primary" onClick={retry}>
          Try again
        </button>
      </p>
    </div>
  );
}

function isBadParameter({ status, field }: Problem): boolean {
  return status === 400 && field !== undefined;
}

/** The same view without the parameter that is at fault. */
function withoutField(view: View, problem: Problem): string | null {
  const { field } = problem;
  if (!field || !isBadParameter(problem) || !(field in view.params)) return null;
  return hrefOf(changeView(view, { [field as ParamName]: null }));
}

interface Way {
  readonly href: string;
  readonly label: string;
}

function waysOn(view: View, problem: Problem): readonly Way[] {
  const without = withoutField(view, problem);
  const isSnapshot = view.page !== 'unknown' && view.page !== 'overview';
  const ways: (Way | false)[] = [
    without !== null && { href: without, label: `Without ${problem.field}` },
    isSnapshot && { href: linkTo('level', view, { lvl: 0, ts: null }), label: 'Latest snapshot' },
    { href: linkTo('overview', view), label: 'Overview' },
  ];
  return ways.filter((way) => way !== false);
}

function ProblemPage({ view, problem }: { readonly view: View; readonly problem: Problem }) {
  const { instances = [] } = problem;
  const pid = Number(view.params.pid);
  return (
    <div class="empty">
      <PageHead title={problem.title} />
      <p>
        <Prose text={localizeInstants(problem.detail)} />
      </p>
      {isBadParameter(problem) ? (
        <p class="muted">
          Parameter <code>{problem.field}</code>
        </p>
      ) : null}
      {instances.length > 0 && pid > 0 ? (
        <>
          <GoneProcess key={instances[0].key} view={view} pid={pid} nearest={instances[0]} />
          <h2>Recorded lives of PID {pid}</h2>
          <Lives view={view} pid={pid} page={view.page === 'plot' ? 'plot' : 'pid'} lives={instances} />
        </>
      ) : null}
      <p class="actions">
        {waysOn(view, problem).map(({ href, label }) => (
          <a key={label} class="btn" href={href}>
            {label}
          </a>
        ))}
      </p>
    </div>
  );
}

export function StoppedPage({ view }: Pick<FailedProps, 'view'>) {
  return (
    <div class="empty">
      <PageHead title="Loading was cancelled" />
      <p class="actions">
        <button type="button" class="btn primary" onClick={retry}>
          Try again
        </button>
        <a class="btn" href={linkTo('overview', view)}>
          Overview
        </a>
      </p>
    </div>
  );
}

export function FailedPage({ view, failure }: FailedProps) {
  if (failure.kind === 'offline') return <ServerGone />;
  const { problem } = failure;
  if (isWithoutDumps(failure)) return <NoDumps problem={problem} />;
  return <ProblemPage view={view} problem={problem} />;
}
