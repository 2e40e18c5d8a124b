/** How far reading has come, for people who wait for it. */

export interface IngestStatus {
  readonly state: 'scanning' | 'ingesting' | 'idle';
  /** Pairs known and not yet queryable; `null` until the folder was listed once. */
  readonly pending: number | null;
  /** Pairs that were read since the last time nothing was pending. */
  readonly read: number;
  /** Process rows of them. */
  readonly rows: number;
  /** At the rate so far; `null` where it is not known, or nothing is pending. */
  readonly seconds_left: number | null;
  readonly rejected_files: number;
  readonly rejected_rows: number;
  /** Another process that seals segments of these dumps; `null` where this one does. */
  readonly sealed_by: string | null;
}

export interface Progress {
  status(): Omit<IngestStatus, 'sealed_by' | 'rejected_files' | 'rejected_rows'>;
  /** So many have to be read, of those that are new. */
  expect(pairs: number): void;
  taken(pairs: number, rows: number): void;
  /** @returns what is called with how many pairs and rows of one piece of work are done so far */
  begin(): (pairs: number, rows: number) => void;
  done(): void;
}

interface State {
  state: IngestStatus['state'];
  pending: number | null;
  read: number;
  rows: number;
  startedAt: number;
}

const AT_FIRST: State = {
  state: 'scanning',
  pending: null,
  read: 0,
  rows: 0,
  startedAt: 0,
};

/** A rate from less would jump about. */
const FEWEST_PAIRS = 20;

function secondsLeft({ pending, read, startedAt }: State): number | null {
  if (!pending || read < FEWEST_PAIRS) return null;
  const seconds = (performance.now() - startedAt) / 1000;
  return Math.ceil((seconds / read) * pending);
}

export function openProgress(): Progress {
  const state = { ...AT_FIRST };

  function taken(pairs: number, rows: number): void {
    state.read += pairs;
    state.rows += rows;
    state.pending = Math.max(0, (state.pending ?? 0) - pairs);
  }

  return {
    status: () => ({
      state: state.state,
      pending: state.pending,
      read: state.read,
      rows: state.rows,
      seconds_left: secondsLeft(state),
    }),
    expect(pairs) {
      state.pending = pairs;
      if (pairs === 0) return;
      Object.assign(state, { state: 'ingesting', startedAt: performance.now(), read: 0, rows: 0 });
    },
    taken,
    begin() {
      let before = { pairs: 0, rows: 0 };
      return (pairs, rows) => {
        taken(pairs - before.pairs, rows - before.rows);
        before = { pairs, rows };
      };
    },
    done() {
      state.pending = 0;
      state.state = 'idle';
    },
  };
}
