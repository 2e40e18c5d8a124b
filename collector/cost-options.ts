import { badUsage, FLAGS, readCount, readTime } from './flags.ts';
import { rollupBudgetMs } from './sources/rollup-budget.ts';

/** What the recorder may cost, and when it may cost more. */
export interface CostOptions {
  /** How long one sample may read PSS, SWAP and HWM, in ms; 0: never. */
  readonly pssBudgetMs: number;
  /** How many files of /proc stay open between samples; `null`: what `ulimit -n` allows. */
  readonly descriptors: number | null;
  readonly pressure: PressureOptions;
}

/** When memory counts as scarce, and what follows. */
export interface PressureOptions {
  /** Percent of MemTotal that MemAvailable is below; 0: never. */
  readonly available: number;
  /** Percent of the time in which some work waited for memory (PSI some avg10); 0: never. */
  readonly psi: number;
  readonly intervalMs: number;
  /** For how long retention keeps such dumps, in ms; 0: no longer than others. */
  readonly protectMs: number;
}

type CostFlag = 'pressure-available' | 'pressure-psi' | 'pressure-interval' | 'protect';
const COUNT = /^\d{1,7}$/;

function readDescriptors(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (text === 'off') return 0;
  if (COUNT.test(text)) return Number(text);
  throw badUsage('descriptors', `--descriptors must be a whole number or off, not '${text}'`);
}

/**
 * @param values the words given, by flag
 * @param intervalMs of the recording; `null` where nobody has said how often it is run
 * @throws MemoryInspectorError `bad_usage`, naming the flag
 */
export function readCostOptions(values: ReadonlyMap<string, string>, intervalMs: number | null): CostOptions {
  const wordOf = (name: CostFlag) => values.get(name) ?? FLAGS[name].default;
  const budget = values.get('pss-budget');
  return {
    pssBudgetMs: budget === undefined ? rollupBudgetMs(intervalMs) : readTime('pss-budget', budget),
    descriptors: readDescriptors(values.get('descriptors')),
    pressure: {
      available: readCount('pressure-available', wordOf('pressure-available')),
      psi: readCount('pressure-psi', wordOf('pressure-psi')),
      intervalMs: readTime('pressure-interval', wordOf('pressure-interval')),
      protectMs: readTime('protect', wordOf('protect')),
    },
  };
}
