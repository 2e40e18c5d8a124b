import { Fragment } from 'preact';
import { FIGURES, parseParagraph } from '../../server/domain/concepts/concept.ts';
import { displayText } from '../../server/domain/text-notation.ts';
import type { AnalyzeAllAnswer } from '../../server/interfaces/http/schemas/analyze.ts';
import type { LearnAnswer } from '../../server/interfaces/http/schemas/learn.ts';
import { besideHref, useBeside } from '../beside.ts';
import { PageHead } from '../components/page-head.tsx';
import { PagingSimulation } from '../components/paging-simulation.tsx';
import { PidForm } from '../components/pid-form.tsx';
import { LIVE_FIGURES } from '../lib/live-figures.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf, learnHref } from '../state.ts';

interface LearnProps {
  readonly view: View;
  readonly answer: LearnAnswer;
}

type Topic = NonNullable<LearnAnswer['topic']>;

interface TextProps {
  readonly text: string;
  readonly view: View;
  /** `null`: not measured yet, or not to be had. */
  readonly figures: AnalyzeAllAnswer | null;
}

/** One paragraph, with the figures of the chosen process in it. */
function Paragraph({ text, view, figures }: TextProps) {
  return (
    <p>
      {parseParagraph(text).map((piece, at) => {
        const key = `${at}`;
        if (piece.kind === 'text') return <Fragment key={key}>{piece.text}</Fragment>;
        if (piece.kind === 'link')
          return (
            <a key={key} href={learnHref(piece.id, view)}>
              {piece.text}
            </a>
          );
        const value = (figures && LIVE_FIGURES[piece.id](figures)) ?? null;
        return (
          <b
            key={key}
            class={value === null ? 'live unknown' : 'live'}
            title={`Measured: ${FIGURES[piece.id]}`}
          >
            {value ?? 'unknown'}
          </b>
        );
      })}
    </p>
  );
}

/** Whose figures stand in the text. */
function ChooseProcess({ view, figures }: Omit<TextProps, 'text'>) {
  const process = figures?.process;
  const button = (
    <button type="submit" class="btn">
      Use
    </button>
  );
  const hrefOfPid = (pid: string) => hrefOf(changeView(view, { pid: pid || null }));
  return (
    <PidForm view={view} class="learn-process" label="Figures of process" button={button} hrefOf={hrefOfPid}>
      <span class="muted">
        {process
          ? `${process.pid} ${displayText(process.comm)}, read ${Math.round(figures.age_seconds)} s ago`
          : 'Not read yet, or this server may not: figures are unknown.'}
      </span>
    </PidForm>
  );
}

function TopicList({ view, topics, here }: { view: View; topics: LearnAnswer['topics']; here: string }) {
  return (
    <nav class="learn-topics" aria-label="Concepts">
      <ol>
        {topics.map(({ id, title }) => (
          <li key={id}>
            <a href={learnHref(id, view)} aria-current={id === here ? 'page' : undefined}>
              {title}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** What comes after it, so that all can be read in one go. */
function Next({ view, topics, topic }: { view: View; topics: LearnAnswer['topics']; topic: Topic }) {
  const next = topics[topics.findIndex(({ id }) => id === topic.id) + 1];
  return next ? (
    <p>
      <a class="btn" href={learnHref(next.id, view)}>
        Next: {next.title} →
      </a>
    </p>
  ) : null;
}

function TopicText({ view, topic, topics }: { view: View; topic: Topic; topics: LearnAnswer['topics'] }) {
  const figures = useBeside<AnalyzeAllAnswer>(besideHref('/api/v1/analyze/all', { pid: view.params.pid }));
  return (
    <article class="learn-text">
      <ChooseProcess view={view} figures={figures} />
      {topic.text.map((text) => (
        <Paragraph key={text} text={text} view={view} figures={figures} />
      ))}
      <h2>What to do with it</h2>
      <ul>
        {topic.advice.map((text) => (
          <li key={text}>
            <Paragraph text={text} view={view} figures={figures} />
          </li>
        ))}
      </ul>
      {topic.id === 'paging' ? <PagingSimulation /> : null}
      <h2>Where it stands</h2>
      <ul class="plain muted">
        {topic.sources.map((source) => (
          <li key={source}>{source}</li>
        ))}
      </ul>
      <Next view={view} topics={topics} topic={topic} />
    </article>
  );
}

/** The concepts that the figures stand on, one page each. */
export function LearnPage({ view, answer: { topics, topic } }: LearnProps) {
  return (
    <>
      <PageHead title={topic?.title ?? 'Learn'}>
        {topic?.short ?? 'What the figures mean, with those of a process of this host in the text.'}
      </PageHead>
      {topic ? (
        <div class="learn">
          <TopicList view={view} topics={topics} here={topic.id} />
          <TopicText key={topic.id} view={view} topic={topic} topics={topics} />
        </div>
      ) : (
        <dl class="learn-index">
          {topics.map(({ id, title, short }) => (
            <div key={id}>
              <dt>
                <a href={learnHref(id, view)}>{title}</a>
              </dt>
              <dd>{short}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
