import { DAY_MS } from '../server/domain/durations.ts';

/** What the recorder may cost, and when it may cost more: rows of the table in flags.ts. */
export const COST_FLAGS = {
  'pss-budget': {
    kind: 'time',
    value: 'TIME',
    smallest: 0,
    largest: 1000,
    help: 'time a sample for PSS, SWAP, HWM (0.1 % of interval, max 50ms); 0: none',
  },
  descriptors: {
    kind: 'text',
    value: 'N',
    help: 'files of /proc kept open (what ulimit -n allows); off: none',
  },
  'pressure-available': {
    kind: 'count',
    value: 'PERCENT',
    default: '5',
    smallest: 0,
    largest: 100,
    help: 'memory is scarce below this share of RAM available; 0: never',
  },
  'pressure-psi': {
    kind: 'count',
    value: 'PERCENT',
    default: '10',
    smallest: 0,
    largest: 100,
    help: 'or where work waits for it longer (PSI some avg10); 0: never',
  },
  'pressure-interval': {
    kind: 'time',
    value: 'TIME',
    default: '1s',
    smallest: 10,
    largest: DAY_MS,
    help: 'time between samples while memory is scarce, if that is shorter',
  },
  protect: {
    kind: 'time',
    value: 'TIME',
    default: '30d',
    smallest: 0,
    help: 'how long retention keeps samples of scarce memory; 0: as others',
  },
} as const;
