import type { MetricSource } from '../../server/domain/metric.ts';
import type { RecordLayout } from '../record-layout.ts';
import { slotOf } from '../record-layout.ts';
import type { KernelConstants } from './kernel-constants.ts';
import type { WantedKey } from './parse-keyed-lines.ts';
import { wantedKey } from './parse-keyed-lines.ts';

/** Which figure of which file goes where in a record. It is derived from the catalogue. */
export interface ReadPlan {
  readonly stat: readonly FieldPlan[];
  readonly statm: readonly FieldPlan[];
  readonly status: KeyedPlan;
  readonly rollup: KeyedPlan;
  /** Slots of the texts that are read in their own ways. */
  readonly text: Readonly<Record<'user' | 'state' | 'cgroup' | 'comm' | 'cmd', number>>;
}

interface FieldPlan {
  readonly slot: number;
  /** Counted from 1, as in proc(5). */
  readonly field: number;
  /** The metric is `field × factor ÷ divisor`: pages → bytes, ticks → seconds. */
  readonly factor: number;
  readonly divisor: number;
  /** Also add the field after it: user time is followed by system time. */
  readonly withNext: boolean;
}

export interface KeyedPlan {
  readonly keys: readonly WantedKey[];
  /** `slots[k]` is where the figure of `keys[k]` goes. */
  readonly slots: readonly number[];
  /** Figures of the file that was parsed last, in the order of `keys`. */
  readonly figures: Float64Array;
}

/** Field 14 of stat, utime: with the next, stime, it is the CPU time. */
const USER_TIME = 14;
/** `Uid: real effective saved file-system`. */
const EFFECTIVE = 1;

type FileOf<S> = S extends { readonly file: infer F } ? F : never;

function fieldPlans(layout: RecordLayout, file: 'stat' | 'statm', constants: KernelConstants): FieldPlan[] {
  return layout.metrics.flatMap((metric) => {
    const { source } = metric.stored;
    const slot = layout.numberSlots.get(metric.id);
    if (slot === undefined || source.file !== file || !('field' in source)) return [];
    const factor = file === 'statm' && metric.unit === 'bytes' ? constants.pageSize : 1;
    const divisor = file === 'stat' && metric.unit === 'seconds' ? constants.clockTicks : 1;
    const withNext = file === 'stat' && source.field === USER_TIME;
    return [{ slot, field: source.field, factor, divisor, withNext }];
  });
}

function keyedPlan(
  layout: RecordLayout,
  file: 'status' | 'smaps_rollup',
  extra: readonly WantedKey[],
): KeyedPlan {
  const found = layout.metrics.flatMap(({ id, stored: { source } }) => {
    const slot = layout.numberSlots.get(id);
    return slot !== undefined && source.file === file ? [{ slot, key: wantedKey(source.key) }] : [];
  });
  const keys = [...extra, ...found.map(({ key }) => key)];
  return {
    keys,
    slots: [...extra.map(() => -1), ...found.map(({ slot }) => slot)],
    figures: new Float64Array(keys.length),
  };
}

function textSlot(layout: RecordLayout, file: FileOf<MetricSource>, field?: number): number {
  const metric = layout.metrics.find(({ id, stored: { source } }) => {
    if (source.file !== file || !layout.textSlots.has(id)) return false;
    return field === undefined || ('field' in source && source.field === field);
  });
  return slotOf(layout.textSlots, metric?.id ?? file);
}

/** The uid is always the first figure of `status`. @throws RangeError for a catalogue without the texts */
export function buildReadPlan(layout: RecordLayout, constants: KernelConstants): ReadPlan {
  return {
    stat: fieldPlans(layout, 'stat', constants),
    statm: fieldPlans(layout, 'statm', constants),
    status: keyedPlan(layout, 'status', [wantedKey('Uid', EFFECTIVE)]),
    rollup: keyedPlan(layout, 'smaps_rollup', []),
    text: {
      comm: textSlot(layout, 'stat', 2),
      state: textSlot(layout, 'stat', 3),
      user: textSlot(layout, 'passwd'),
      cgroup: textSlot(layout, 'cgroup'),
      cmd: textSlot(layout, 'cmdline'),
    },
  };
}

/** Writes a figure. @returns whether it is another one than before */
function put(numbers: number[], slot: number, value: number): boolean {
  const before = numbers[slot];
  if (before === value || (Number.isNaN(before) && Number.isNaN(value))) return false;
  numbers[slot] = value;
  return true;
}

/** stat or statm → `numbers`. `values[k + offset]` is field k. @returns whether a figure has changed */
export function putFields(
  plans: readonly FieldPlan[],
  values: Float64Array,
  offset: number,
  numbers: number[],
): boolean {
  let isChanged = false;
  for (let k = 0; k < plans.length; k++) {
    const { slot, field, factor, divisor, withNext } = plans[k];
    const value = values[field + offset] + (withNext ? values[field + offset + 1] : 0);
    if (put(numbers, slot, (value * factor) / divisor)) isChanged = true;
  }
  return isChanged;
}

/** The figures parsed last → `numbers`. @returns whether one has changed */
export function putFigures({ slots, figures }: KeyedPlan, numbers: number[]): boolean {
  let isChanged = false;
  for (let k = 0; k < slots.length; k++)
    if (slots[k] >= 0 && put(numbers, slots[k], figures[k])) isChanged = true;
  return isChanged;
}

/** The file was not read: its metrics are not known. @returns whether one was */
export function clearFigures({ slots }: KeyedPlan, numbers: number[]): boolean {
  let isChanged = false;
  for (const slot of slots) if (slot >= 0 && put(numbers, slot, Number.NaN)) isChanged = true;
  return isChanged;
}

/** How many fields of a file have to be parsed: the last one that the catalogue asks for, or `atLeast`. */
export function lastField(plans: readonly FieldPlan[], atLeast: number): number {
  return plans.reduce((last, { field }) => Math.max(last, field), atLeast);
}
