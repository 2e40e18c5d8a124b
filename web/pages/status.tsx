import { displayText } from '../../server/domain/text-notation.ts';
import { formatDuration } from '../../server/domain/units.ts';
import type { StatusAnswer } from '../../server/interfaces/http/schemas/status.ts';
import { CollectGarbage } from '../components/collect-garbage.tsx';
import { ExportMenu } from '../components/export-menu.tsx';
import { Facts } from '../components/facts.tsx';
import { Moment } from '../components/figures.tsx';
import { PageHead } from '../components/page-head.tsx';
import { ReadingProgress } from '../components/reading-progress.tsx';
import { DamageNote } from '../components/sample-notes.tsx';
import { diskFacts, recorderFacts, serverFacts } from '../components/status-facts.tsx';
import { countOf, formatCount } from '../lib/numbers.ts';
import type { View } from '../state.ts';
import { linkTo } from '../state.ts';

interface StatusProps {
  readonly view: View;
  readonly answer: StatusAnswer;
}

function Headline({ recorder }: StatusAnswer) {
  if (!recorder) return <>The folder of dumps could not be looked at.</>;
  if (recorder.alive) return <>This folder is being recorded into.</>;
  return (
    <>
      Nothing is being recorded now. <code>pmi collect</code> records; <code>pmi up</code> records and serves.
    </>
  );
}

function Reading({ ingest }: StatusAnswer) {
  const { state, read, rows, pending } = ingest;
  if (state !== 'idle' && pending !== 0) return <ReadingProgress reading={ingest} />;
  return (
    <p>
      Every dump has been read
      {read === 0
        ? '; all of them were in the index already.'
        : `: ${countOf(read, 'dump', 'dumps')} with ${countOf(rows, 'row', 'rows')} since this server was started.`}
    </p>
  );
}

function Gaps({ recorder }: StatusAnswer) {
  if (!recorder) return null;
  return (
    <section class="block">
      <h2>Gaps of the last day</h2>
      {recorder.gaps.length === 0 ? (
        <p class="muted">None.</p>
      ) : (
        <ul class="plain">
          {recorder.gaps.map(({ from, to, seconds }) => (
            <li key={from}>
              <Moment at={from} /> – <Moment at={to} beside={from} />{' '}
              <span class="muted">{formatDuration(seconds)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Hosts({ view, answer }: StatusProps) {
  return (
    <section class="block">
      <h2>Recorded hosts</h2>
      <div class="table-frame">
        <table class="children" aria-label="Recorded hosts">
          <thead>
            <tr>
              <th scope="col" class="l">
                Host
              </th>
              <th scope="col">Samples</th>
              <th scope="col" class="l opt">
                First
              </th>
              <th scope="col" class="l">
                Last
              </th>
            </tr>
          </thead>
          <tbody>
            {answer.hosts.map(({ host, samples, first, last }) => (
              <tr key={host}>
                <th scope="row" class="l">
                  <a href={linkTo('overview', view, { host })}>{displayText(host)}</a>
                </th>
                <td class="num">{formatCount(samples)}</td>
                <td class="l opt">
                  <Moment at={first} />
                </td>
                <td class="l">
                  <Moment at={last} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const PARTS = [
  { title: 'Recording', factsOf: recorderFacts },
  { title: 'Disk', factsOf: diskFacts },
  { title: 'Server', factsOf: serverFacts, Action: CollectGarbage },
];

/** The recorder, the server, and what they hold. */
export function StatusPage({ view, answer }: StatusProps) {
  return (
    <>
      <PageHead title="Status">
        <Headline {...answer} />
      </PageHead>
      <DamageNote />
      <div class="toolbar">
        <a class="btn" href={linkTo('files', view)}>
          Files →
        </a>
        <a class="btn" href="/docs">
          API →
        </a>
        <span class="grow" />
        <ExportMenu view={view} answer={answer} />
      </div>
      <div class="summary-columns">
        {PARTS.map(({ title, factsOf, Action }) => (
          <section key={title} class="part">
            <h2>{title}</h2>
            <Facts facts={factsOf(answer)} />
            {Action ? <Action /> : null}
          </section>
        ))}
      </div>
      <section class="block">
        <h2>Reading</h2>
        <Reading {...answer} />
      </section>
      <Hosts view={view} answer={answer} />
      <Gaps {...answer} />
    </>
  );
}
