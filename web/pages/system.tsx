import { useEffect, useRef } from 'preact/hooks';
import { displayText } from '../../server/domain/text-notation.ts';
import type { SystemAnswer } from '../../server/interfaces/http/schemas/system.ts';
import { CgroupTable } from '../components/cgroup-table.tsx';
import { ExportMenu } from '../components/export-menu.tsx';
import { Facts } from '../components/facts.tsx';
import { Figures, Moment } from '../components/figures.tsx';
import { MeminfoTable } from '../components/meminfo-table.tsx';
import { PageHead } from '../components/page-head.tsx';
import { SharedMemory } from '../components/shared-memory.tsx';
import type { Rates } from '../components/system-facts.tsx';
import { overheadFacts, systemFigures } from '../components/system-facts.tsx';
import { LargestNow, PressureTable } from '../components/system-tables.tsx';
import { refresh } from '../screen.ts';
import type { View } from '../state.ts';

const EVERY_MS = 2000;

interface SystemProps {
  readonly view: View;
  readonly answer: SystemAnswer;
}

/** Asks again while somebody looks. */
function useRefresh(): void {
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) refresh();
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
}

/** What the kernel counts, a second, between the last two answers; unknown at the first. */
function useRates(answer: SystemAnswer): Rates {
  const last = useRef(answer);
  const rates = useRef<Rates>({ switches: null, interrupts: null });
  const before = last.current;
  const seconds = (Date.parse(answer.ts) - Date.parse(before.ts)) / 1000;
  if (seconds > 0 && before.boot !== null) {
    const rate = (now: number | null, then: number | null) =>
      now === null || then === null || now < then ? null : (now - then) / seconds;
    rates.current = {
      switches: rate(answer.counters.context_switches, before.counters.context_switches),
      interrupts: rate(answer.counters.interrupts, before.counters.interrupts),
    };
    last.current = answer;
  }
  return rates.current;
}

function Cgroups({ cgroups }: Pick<SystemAnswer, 'cgroups'>) {
  const { version, groups, is_cut } = cgroups;
  if (version === null) return <p class="muted">No control groups are mounted here.</p>;
  return (
    <>
      {groups.every(({ current_bytes }) => current_bytes === null) ? (
        <p class="note">These groups have no memory controller: what they hold is not told.</p>
      ) : null}
      <CgroupTable groups={groups} />
      {is_cut ? <p class="note">Some groups are left out: too many, too deep, or not to be read.</p> : null}
    </>
  );
}

/** This host now, whether it is recorded or not. */
export function SystemPage({ view, answer }: SystemProps) {
  useRefresh();
  const rates = useRates(answer);
  const { host, ts, cgroups } = answer;
  return (
    <>
      <PageHead title="System">
        {displayText(host)} now, read at <Moment at={ts} />, every 2 s while you look
      </PageHead>
      <div class="toolbar">
        <span class="grow" />
        <ExportMenu view={view} answer={answer} />
      </div>
      <Figures figures={systemFigures(answer, rates)} />
      <div class="summary-columns">
        <section class="part">
          <h2>Pressure</h2>
          <PressureTable pressure={answer.pressure} />
        </section>
        <section class="part">
          <h2>What watching costs</h2>
          <Facts facts={overheadFacts(answer)} />
        </section>
      </div>
      <section class="block">
        <h2>Largest processes</h2>
        <LargestNow view={view} answer={answer} />
      </section>
      <section class="block">
        <h2>Control groups{cgroups.version === 1 ? ', version 1' : ''}</h2>
        <Cgroups cgroups={cgroups} />
      </section>
      <section class="block">
        <h2>Memory that belongs to no process</h2>
        <SharedMemory {...answer} />
      </section>
      <section class="block">
        <h2>/proc/meminfo</h2>
        <MeminfoTable {...answer} />
      </section>
    </>
  );
}
