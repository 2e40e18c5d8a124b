/** Whether anybody uses a server, in the words of the dashboards that this product took over. */
export const USE_STATES = [
  'active_in_use',
  'active_not_in_use',
  'active_persistent',
  'inactive',
  'error',
] as const;

export type UseState = (typeof USE_STATES)[number];

/** Somebody who asked so lately is still there. */
const IN_USE_SECONDS = 10;

interface Use {
  /** Of the live feed. */
  readonly feed: 'ready' | 'stopped' | 'failing';
  /** Since somebody asked for something; 0 while somebody watches. */
  readonly idleSeconds: number;
  /** The server ends some time after nobody asks any more. */
  readonly mayEnd: boolean;
}

/**
 * `error`: the host cannot be read; `inactive`: monitoring was stopped, or no server answers; `active_in_use`: somebody
 * watches, or asked just now; else `active_not_in_use` where the server will end, `active_persistent` where it stays.
 */
export function useStateOf({ feed, idleSeconds, mayEnd }: Use): UseState {
  if (feed === 'failing') return 'error';
  if (feed === 'stopped') return 'inactive';
  if (idleSeconds < IN_USE_SECONDS) return 'active_in_use';
  return mayEnd ? 'active_not_in_use' : 'active_persistent';
}
