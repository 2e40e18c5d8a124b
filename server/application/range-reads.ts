import type { PlacedProcesses } from '../domain/attribution.ts';
import type { NumberColumnId, TextColumnId } from '../domain/metrics.ts';

/** What the history is asked about samples without showing all of them. Lives are told by id. */

/** One row a process and instant, in no particular order; unknown is `NaN`. */
export interface InstantValues<
  Id extends NumberColumnId = NumberColumnId,
  Text extends TextColumnId = TextColumnId,
> {
  /** Place of the row's instant among those that were asked for. */
  readonly at: Int32Array;
  readonly life: Float64Array;
  readonly values: Readonly<Record<Id, Float64Array>>;
  /** Dump notation. */
  readonly texts: Readonly<Record<Text, readonly (string | null)[]>>;
}

/** From the sample at `t` on, a life had another command than in its sample before. */
export interface CommandChange {
  /** Its last sample with the command before. */
  readonly before: number;
  readonly t: number;
  /** Dump notation. */
  readonly cmd: string | null;
}

export type LifeColumnId = NumberColumnId | 'subtree_rss_bytes';

/** Of one life, in order of time; unknown is `NaN`. */
export interface LifeSamples<Id extends LifeColumnId = LifeColumnId> {
  readonly t: Float64Array;
  readonly values: Readonly<Record<Id, Float64Array>>;
}

export interface RangeReads {
  /** Who held how much where in the tree. @returns `null` where `t` is not the exact instant of a sample with processes */
  readPlaces(host: string, t: number): Promise<PlacedProcesses | null>;
  /** Figures of all processes at exactly these instants of samples. */
  readInstants<Id extends NumberColumnId, Text extends TextColumnId = never>(
    host: string,
    instants: readonly number[],
    columns: readonly Id[],
    texts?: readonly Text[],
  ): Promise<InstantValues<Id, Text>>;
  /** In order of time. */
  readCommandChanges(
    host: string,
    life: number,
    range: { readonly from: number; readonly to: number },
  ): Promise<readonly CommandChange[]>;
  /** Each sample in which a life was seen. */
  readLife<Id extends LifeColumnId>(
    host: string,
    life: number,
    range: { readonly from: number; readonly to: number },
    columns: readonly Id[],
  ): Promise<LifeSamples<Id>>;
}
