import type { LiveDeparture, LiveGroup } from '../../server/domain/live-point.ts';
import { formatDuration } from '../../server/domain/units.ts';
import { lastSample } from '../health.ts';
import { formatMeasure } from '../lib/chart-scale.ts';
import type { MemoryMetric, Part, Past, Pasts } from '../lib/live-past.ts';
import { bytesOf, partsOf, runningOf } from '../lib/live-past.ts';
import { countOf, formatShare, UPPER_BOUND } from '../lib/numbers.ts';
import { processName } from '../lib/process-text.ts';
import type { Points } from '../lib/series.ts';
import type { View } from '../state.ts';
import { linkTo } from '../state.ts';
import { Bytes, Moment } from './figures.tsx';
import { Sparkline } from './sparkline.tsx';

/** A card for each member of a watch group, and one for all of it. */

interface CardsProps {
  readonly view: View;
  readonly group: LiveGroup;
  readonly metric: MemoryMetric;
  readonly pasts: Pasts;
  readonly memTotal: number | null;
  /** When the figures are of. */
  readonly t: number;
  readonly lineOf: (id: string) => Points;
}

interface CardProps extends Omit<CardsProps, 'group' | 'pasts'> {
  readonly part: Part;
  readonly past: Past | undefined;
}

/** Whether pages of the recording can be led to. */
function isRecorded(): boolean {
  return lastSample.value !== null;
}

interface PidProps {
  readonly view: View;
  readonly pid: number;
  /** Epoch ms of a moment at which it ran; without it, now. */
  readonly at?: number;
}

function Pid({ view, pid, at }: PidProps) {
  if (!isRecorded()) return <span>{pid}</span>;
  const ts = at === undefined ? null : new Date(at).toISOString();
  return <a href={linkTo('pid', view, { pid, ts, watch: null })}>{pid}</a>;
}

/** `, PID 812, 813, …`: the largest of them. */
function Pids({ view, part }: Pick<CardProps, 'view' | 'part'>) {
  const { pids } = part;
  if (pids.length === 0) return null;
  return (
    <>
      , PID{' '}
      {pids.map((pid, at) => (
        <span key={pid}>
          {at > 0 ? ', ' : ''}
          <Pid view={view} pid={pid} />
        </span>
      ))}
      {pids.length < runningOf(part) ? ', …' : ''}
    </>
  );
}

const ZOMBIE = 'It holds no memory; its parent has not taken its exit code yet';

/** Those that have ended and are in the process table all the same. */
function Zombies({ part: { zombies } }: Pick<CardProps, 'part'>) {
  if (zombies === 0) return null;
  return (
    <span class="muted" title={ZOMBIE}>
      , {countOf(zombies, 'zombie', 'zombies')}
    </span>
  );
}

/** Running, with what; or since when not. */
function Running({ view, part, past, t }: CardProps) {
  const running = runningOf(part);
  if (running > 0)
    return (
      <p class="card-state" data-running="">
        {countOf(running, 'process', 'processes')}
        <Pids view={view} part={part} />
        <Zombies part={part} />
      </p>
    );
  const since = part.departure?.gone ?? past?.running?.t;
  if (since === undefined)
    return (
      <p class="card-state">
        Not running, not seen since this page watches
        <Zombies part={part} />
      </p>
    );
  return (
    <p class="card-state">
      Not running since <Moment at={since} beside={t} />
      {part.departure || !past?.running?.pids.length ? '' : `, last PID ${past.running.pids[0]}`}
      <Zombies part={part} />
    </p>
  );
}

const EXIT_CODE = 'Only its parent is told the exit code';

/** Between two points, as nobody was looking when it went. */
function Fate({
  departure: { seen, gone, exited },
  t,
}: {
  readonly departure: LiveDeparture;
  readonly t: number;
}) {
  if (!exited)
    return (
      <>
        runs on and no longer matches since <Moment at={gone} beside={t} />
      </>
    );
  return (
    <>
      exited between <Moment at={seen} beside={t} /> and <Moment at={gone} beside={t} />,{' '}
      <span title={EXIT_CODE}>exit code unknown</span>
    </>
  );
}

/** The last process that was seen to leave, by its command. */
function Departed({ view, part: { departure }, t }: CardProps) {
  if (!departure) return null;
  const { text } = processName(departure);
  return (
    <p class="card-departed muted">
      PID <Pid view={view} pid={departure.pid} at={departure.seen} />{' '}
      <span class="cmd" title={text}>
        {text}
      </span>{' '}
      <Fate departure={departure} t={t} />
    </p>
  );
}

function PeakNote({ past, metric, t }: CardProps) {
  const peak = past?.peaks[metric];
  if (!peak?.value) return null;
  return (
    <small class="muted" title="Since this page watches, or since the mark">
      peak <Bytes value={peak.value} /> at <Moment at={peak.t} beside={t} />
    </small>
  );
}

/** PSS is a sum of what is known. */
function pssText(part: Part): string {
  return part.pss_known < runningOf(part) ? ` of ${part.pss_known} of ${runningOf(part)}` : '';
}

/** Which of it was read before, as the sizes are the same since. */
function pssAgeText({ pss_age_seconds: age }: Part): string | undefined {
  return age === null || age < 1 ? undefined : `Read up to ${formatDuration(age)} ago`;
}

function CardFigures({ part, metric, memTotal }: CardProps) {
  const bytes = bytesOf(part, metric);
  const share = bytes === null || !memTotal ? '–' : formatShare(bytes / memTotal);
  return (
    <dl class="card-figures">
      <div>
        <dt>{metric === 'rss' ? 'PSS' : 'RSS'}</dt>
        <dd title={metric === 'rss' ? pssAgeText(part) : undefined}>
          {metric === 'pss' && part.processes > 1 ? <UpperBound /> : null}
          <Bytes value={metric === 'rss' ? part.pss_bytes : part.rss_bytes} />
          {metric === 'rss' && part.pss_bytes !== null ? pssText(part) : ''}
        </dd>
      </div>
      <div>
        <dt>Virtual</dt>
        <dd>
          <Bytes value={part.vsz_bytes} />
        </dd>
      </div>
      <div>
        <dt>Of RAM</dt>
        <dd>{share}</dd>
      </div>
      <div>
        <dt>CPU</dt>
        <dd title="Of one CPU">{formatMeasure(part.cpu_percent, 'percent')}</dd>
      </div>
    </dl>
  );
}

function UpperBound() {
  return (
    <span class="u" title={UPPER_BOUND}>
      ≤{' '}
    </span>
  );
}

function Card(props: CardProps) {
  const { part, metric, lineOf } = props;
  const { t, values } = lineOf(part.id);
  return (
    <li class="card">
      <h3 title={part.name}>{part.name}</h3>
      <p class="card-lead">
        <span class="figure">
          {metric === 'rss' && part.processes > 1 ? <UpperBound /> : null}
          <Bytes value={bytesOf(part, metric)} label={metric === 'rss' ? 'RSS' : 'PSS'} />
        </span>
        <Sparkline spark={{ t, bytes: values }} about="As in the chart" />
      </p>
      <PeakNote {...props} />
      <Running {...props} />
      <Departed {...props} />
      <CardFigures {...props} />
    </li>
  );
}

export function LiveCards({ group, pasts, ...shared }: CardsProps) {
  return (
    <ul class="cards" aria-label={`Watch group ${group.name}`}>
      {partsOf(group).map((part) => (
        <Card key={part.id} {...shared} part={part} past={pasts.parts.get(part.id)} />
      ))}
    </ul>
  );
}
