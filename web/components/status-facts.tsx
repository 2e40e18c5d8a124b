import type { ComponentChildren } from 'preact';
import { CPU_BUDGET } from '../../server/domain/recorder-status.ts';
import type { StatusAnswer } from '../../server/interfaces/http/schemas/status.ts';
import { countOf, formatCount, formatShare } from '../lib/numbers.ts';
import { formatAge } from '../lib/time.ts';
import type { Fact } from './facts.tsx';
import { Bytes, Duration, Moment } from './figures.tsx';

/** How recorder, server and disk are, fact by fact, in plain words. */

function ageText(seconds: number | null): string {
  return seconds === null ? '' : `, ${formatAge(seconds * 1000)} ago`;
}

function every(seconds: number | null): ComponentChildren {
  if (seconds === null) return 'not known';
  return (
    <>
      every <Duration seconds={seconds} />
    </>
  );
}

type Recorder = NonNullable<StatusAnswer['recorder']>;

function holderFact({ holder }: Recorder): Fact {
  if (!holder) return ['Recorder', 'none holds this folder'];
  return [
    'Recorder',
    <>
      process {holder.pid}, since <Moment at={holder.since} />
    </>,
  ];
}

/** From here on the bar has the browser's colour for what is bad. */
const NEAR_BUDGET = { low: 0.9 * CPU_BUDGET, high: 0.99 * CPU_BUDGET, optimum: 0 } as const;

/** As a bar of what it is meant to be at most, and in words. */
function CpuBudget({ share }: { readonly share: number }) {
  const budget = `budget of ${formatShare(CPU_BUDGET)}`;
  return (
    <>
      {formatShare(share)} of one core{' '}
      <meter max={CPU_BUDGET} {...NEAR_BUDGET} value={share} aria-label={`Of the ${budget}`} />{' '}
      {share > CPU_BUDGET ? <b class="hurting">more than the {budget}</b> : `of a ${budget}`}
    </>
  );
}

/** @param isServer its row is that of the server, too: the budget is one of recording alone */
function costFacts({ cost }: Recorder, isServer: boolean): readonly Fact[] {
  const { cpu_share, rss_bytes, overrun_seconds } = cost;
  const together = `${formatShare(cpu_share ?? 0)} of one core, together with the server`;
  const use = isServer ? together : <CpuBudget share={cpu_share ?? 0} />;
  const cpu = cpu_share === null ? [] : [['CPU', use] as const];
  const memory = rss_bytes === null ? [] : [['Memory', <Bytes value={rss_bytes} />] as const];
  const late = overrun_seconds
    ? [['Late', `the last sample took ${overrun_seconds.toFixed(1)} s too long`] as const]
    : [];
  return [...cpu, ...memory, ...late];
}

function daysText(days: number): string {
  if (days > 3650) return 'more than ten years';
  return days < 2 ? `${Math.round(days * 24)} hours` : `${formatCount(Math.round(days))} days`;
}

/** Samples that others have recorded are no recorder's of this folder. */
function noSample(hosts: StatusAnswer['hosts']): string {
  return hosts.length > 0 ? 'none by a recorder of this folder' : 'none yet';
}

/** @param recorder `null`: the folder could not be looked at */
export function recorderFacts({ recorder, hosts, server }: StatusAnswer): readonly Fact[] {
  if (!recorder) return [['Recorder', 'The folder could not be looked at.']];
  const { alive, last_sample, age_seconds, interval_seconds } = recorder;
  return [
    ['State', alive ? 'recording' : <b class="hurting">not recording</b>],
    [
      'Last sample',
      last_sample === null ? (
        noSample(hosts)
      ) : (
        <>
          <Moment at={last_sample} />
          {ageText(age_seconds)}
        </>
      ),
    ],
    ['Samples', every(interval_seconds)],
    holderFact(recorder),
    ...costFacts(recorder, recorder.holder?.pid === server.pid),
  ];
}

export function diskFacts({ recorder, disk, index }: StatusAnswer): readonly Fact[] {
  if (!disk || !recorder) return [['Disk', 'not known']];
  const { bytes_per_day, dumps } = recorder.disk;
  const full = recorder.days_until_full;
  return [
    [
      'Dumps',
      disk.dumps_bytes === null ? (
        'not counted: they are not as a recorder of this folder lays them out'
      ) : (
        <>
          <Bytes value={disk.dumps_bytes} /> in {countOf(dumps, 'dump', 'dumps')}
        </>
      ),
    ],
    [
      'A day',
      bytes_per_day === null ? 'not known' : <Bytes value={bytes_per_day} label="Dumps of the last day" />,
    ],
    [
      'Index',
      <>
        <Bytes value={disk.index_bytes} /> in {countOf(index.segments, 'segment', 'segments')}
      </>,
    ],
    [
      'Free',
      <>
        <Bytes value={disk.free_bytes} /> of <Bytes value={disk.total_bytes} />
      </>,
    ],
    ['Full in', full === null ? 'not known' : `${daysText(full)}, if nothing were removed`],
  ];
}

export function serverFacts({ version, server, config }: StatusAnswer): readonly Fact[] {
  const sealing = server.sealed_by;
  return [
    ['Version', `${version}, Node ${server.node.replace(/^v/, '')}`],
    [
      'Up for',
      <>
        <Duration seconds={server.uptime_seconds} />, since <Moment at={server.started} />
      </>,
    ],
    ['Memory', <Bytes value={server.rss_bytes} label="RSS of the server" />],
    ['Index', sealing === null ? 'written by this server' : `written by ${sealing}`],
    ['Configuration', config.trouble ?? 'can be used'],
  ];
}
