import { useState } from 'preact/hooks';
import type { PageSize, Pattern, Simulation } from '../../server/domain/concepts/paging-simulation.ts';
import {
  PAGE_SIZES,
  PATTERNS,
  SIMULATION_BOUNDS,
  simulatePaging,
  tablesOf,
} from '../../server/domain/concepts/paging-simulation.ts';
import { MIB } from '../../server/domain/units.ts';
import { formatBytes } from '../lib/bytes.ts';
import { formatCount, formatShare } from '../lib/numbers.ts';

/** SIMULATION: nothing in here is measured, and each part of it says so. */

const PATTERN_TEXTS: Readonly<Record<Pattern, string>> = {
  sequential: 'one after the other, 64 bytes apart',
  strided: 'every fourth page and a bit',
  scattered: 'page after page, far apart',
};

const START: Simulation = {
  pageSize: 'small',
  tlbEntries: SIMULATION_BOUNDS.tlbEntries.default,
  pattern: 'sequential',
  workingSet: SIMULATION_BOUNDS.workingSetMiB.default * MIB,
  accesses: SIMULATION_BOUNDS.accesses.default,
};

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly bounds: { readonly min: number; readonly max: number };
  readonly onValue: (value: number) => void;
}

function NumberField({ label, value, bounds: { min, max }, onValue }: NumberFieldProps) {
  const onInput = ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
    const typed = currentTarget.valueAsNumber;
    if (Number.isInteger(typed) && typed >= min && typed <= max) onValue(typed);
  };
  return (
    <label class="field">
      {label}
      <input type="number" min={min} max={max} step={1} defaultValue={String(value)} onInput={onInput} />
    </label>
  );
}

interface ControlsProps {
  readonly simulation: Simulation;
  readonly onChange: (change: Partial<Simulation>) => void;
}

function Controls({ simulation, onChange }: ControlsProps) {
  const { tlbEntries, workingSetMiB, accesses } = SIMULATION_BOUNDS;
  return (
    <div class="simulation-controls">
      <label class="field">
        Page size
        <select
          value={simulation.pageSize}
          onChange={({ currentTarget }) => onChange({ pageSize: currentTarget.value as PageSize })}
        >
          {Object.entries(PAGE_SIZES).map(([id, size]) => (
            <option key={id} value={id}>
              {formatBytes(size)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        Order of accesses
        <select
          value={simulation.pattern}
          onChange={({ currentTarget }) => onChange({ pattern: currentTarget.value as Pattern })}
        >
          {PATTERNS.map((pattern) => (
            <option key={pattern} value={pattern}>
              {PATTERN_TEXTS[pattern]}
            </option>
          ))}
        </select>
      </label>
      <NumberField
        label="TLB entries"
        value={simulation.tlbEntries}
        bounds={tlbEntries}
        onValue={(value) => onChange({ tlbEntries: value })}
      />
      <NumberField
        label="Memory gone over (MiB)"
        value={simulation.workingSet / MIB}
        bounds={workingSetMiB}
        onValue={(value) => onChange({ workingSet: value * MIB })}
      />
      <NumberField
        label="Accesses"
        value={simulation.accesses}
        bounds={accesses}
        onValue={(value) => onChange({ accesses: value })}
      />
    </div>
  );
}

/** The way from the last address to its page. */
function LastWalk({ simulation }: { readonly simulation: Simulation }) {
  const { last } = simulatePaging(simulation);
  return (
    <ol class="walk" aria-label="Simulated walk of the last address">
      <li>
        <small>address</small> <span class="cmd">{`0x${last.address.toString(16)}`}</span>
      </li>
      {tablesOf(simulation.pageSize).map((table, at) => (
        <li key={table}>
          <small>{table}</small> <span class="num">entry {last.indices[at]}</span>
        </li>
      ))}
      <li>
        <small>in the page</small> <span class="num">byte {formatCount(last.offset)}</span>
      </li>
    </ol>
  );
}

export function PagingSimulation() {
  const [simulation, setSimulation] = useState(START);
  const counts = simulatePaging(simulation);
  const { accesses, tlbHits, tlbMisses, tableReads, pageFaults, tablePages, residentBytes } = counts;
  const facts = [
    ['Accesses', formatCount(accesses)],
    ['TLB hits', `${formatCount(tlbHits)} (${formatShare(tlbHits / accesses)})`],
    ['Walks through the tables', `${formatCount(tlbMisses)}, ${formatCount(tableReads)} reads`],
    ['Page faults (first touches)', formatCount(pageFaults)],
    ['Resident', formatBytes(residentBytes)],
    ['Page tables', formatBytes(tablePages * PAGE_SIZES.small)],
  ];
  return (
    <section class="simulation" aria-labelledby="simulation">
      <h2 id="simulation">
        <span class="simulation-mark">SIMULATION</span> A CPU finds its pages
      </h2>
      <p class="muted">
        Not measured: a model of four-level paging on x86-64 with a TLB of the size that you choose. Real TLBs
        have several levels, and prefetch.
      </p>
      <Controls
        simulation={simulation}
        onChange={(change) => setSimulation((before) => ({ ...before, ...change }))}
      />
      <dl class="facts" aria-live="polite">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label} (simulated)</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <LastWalk simulation={simulation} />
    </section>
  );
}
