import type { LiveTick } from '../domain/build-live-point.ts';
import type { InitialData, LivePlace, LivePoint } from '../domain/live-point.ts';
import type { LiveReading } from '../domain/live-reading.ts';

/** Reads this host once a tick; keeps in between what need not be read each time. */
export interface LiveSampler {
  /**
   * @param watched pids whose CPU time is read each time, and PSS as far as its budget goes
   * @throws MemoryInspectorError `source_unavailable`
   */
  read(watched: ReadonlySet<number>): Promise<LiveReading>;
  close(): void;
}

/** A message as it is sent: one object for all clients, so that each way of sending encodes it once. */
export interface LiveFrame {
  /** JSON of a `LiveMessage`. */
  readonly text: string;
  /** The newest point that a client has after it; `null` where there is none yet. */
  readonly place: LivePlace | null;
}

/** Somebody who watches, at the other end of a connection. */
export interface LiveClient {
  send(frame: LiveFrame): void;
  /** Bytes that were sent and have not left this process. */
  backlog(): number;
  /** Ends the connection at once. */
  drop(): void;
}

export interface LiveRequest {
  /** `null`: it has nothing. */
  readonly after: LivePlace | null;
  /** How many points it gets when it has nothing. */
  readonly n: number;
}

export interface LiveFeed {
  /** Sends what there is, then each point as it comes. */
  subscribe(client: LiveClient, request: LiveRequest): { close(): void };
  clients(): number;
  /** The newest point, however old. */
  latest(): LivePoint | null;
  /** The newest points, oldest first. */
  history(n: number): readonly LivePoint[];
  /** What a client gets when it comes, for those who ask from time to time. */
  initial(request: LiveRequest): InitialData;
  /**
   * What is now, for those who ask from time to time: it counts as watching for a while.
   * @throws MemoryInspectorError `source_unavailable`
   */
  now(): Promise<LiveTick>;
  intervalMs(): number;
  /** Reads again while it is wanted. @param intervalMs `null`: as often as before */
  start(intervalMs: number | null): void;
  /** Reads only for those who ask for what is now, until it is started. */
  stop(): void;
  /** `failing`: the last tick could not be read. */
  state(): 'ready' | 'stopped' | 'failing';
  close(): void;
}
