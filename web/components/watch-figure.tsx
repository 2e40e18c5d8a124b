import { useMemo } from 'preact/hooks';
import type { WatchTimelineAnswer } from '../../server/interfaces/http/schemas/watch-groups.ts';
import { besideHref, useOutcome } from '../beside.ts';
import { unit, zone } from '../lib/reader.ts';
import { groupPath } from '../lib/watch-draft.ts';
import type { Frame } from '../pages/overview-frame.ts';
import { interactionsOf } from '../pages/overview-frame.ts';
import { buildWatchChart, wasThere, watchHint, watchSummary } from '../pages/watch-chart.ts';
import type { View } from '../state.ts';
import { ChartFigure } from './chart-figure.tsx';

interface WatchFigureProps {
  readonly view: View;
  readonly host: string;
  /** Of the group. */
  readonly name: string;
  /** What was asked for; absent: all that was recorded. */
  readonly range: { readonly from?: string | undefined; readonly to?: string | undefined };
  readonly frameOf: (answer: WatchTimelineAnswer) => Frame;
}

const PX = '960';

function Drawn({ view, name, answer, frame }: Pick<WatchFigureProps, 'view' | 'name'> & DrawnProps) {
  const spec = useMemo(() => buildWatchChart(answer, frame), [answer, unit.value, zone.value]);
  return (
    <ChartFigure
      {...interactionsOf(view)}
      title={`Watch group ${name}`}
      hint={watchHint(answer)}
      spec={spec}
      summary={watchSummary(answer)}
    />
  );
}

interface DrawnProps {
  readonly answer: WatchTimelineAnswer;
  readonly frame: Frame;
}

function Nothing({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <>
      <h2>Watch group {name}</h2>
      <p class="muted nothing">{text}</p>
    </>
  );
}

function Shown({ name, outcome, ...props }: WatchFigureProps & Known) {
  if (outcome.kind === 'problem')
    return <Nothing name={name} text={`${outcome.problem.title}. ${outcome.problem.detail}`} />;
  if (outcome.kind === 'offline') return <Nothing name={name} text="The server does not answer." />;
  const { answer } = outcome;
  if (!wasThere(answer)) return <Nothing name={name} text={watchSummary(answer)} />;
  return <Drawn view={props.view} name={name} answer={answer} frame={props.frameOf(answer)} />;
}

type Known = Pick<NonNullable<ReturnType<typeof useOutcome<WatchTimelineAnswer, null>>>, 'outcome'>;

/** What a watch group held along time; asked for beside the page. */
export function WatchFigure(props: WatchFigureProps) {
  const { name, host, range } = props;
  const href = besideHref(`${groupPath(name)}/timeline`, { host, ...range, px: PX });
  const known = useOutcome<WatchTimelineAnswer, null>(href, null);
  return (
    <section class="watch-figure" aria-busy={known?.href !== href} aria-label={`Watch group ${name}`}>
      {known ? (
        <Shown {...props} outcome={known.outcome} />
      ) : (
        <>
          <h2>Watch group {name}</h2>
          <i class="bone picture" />
        </>
      )}
    </section>
  );
}
