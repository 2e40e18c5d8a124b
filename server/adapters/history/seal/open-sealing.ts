import { DuckDBInstance } from '@duckdb/node-api';
import type { DumpFolder, DumpPair } from '../../../application/dump-ports.ts';
import type { SealResult, Stretch } from '../../../application/sealing-ports.ts';
import { openRowStream } from './row-stream.ts';
import { sealStretch } from './seal-stretch.ts';
import type { SealControl, SealWorld } from './seal-world.ts';
import type { SegmentFiles } from './segment-files.ts';
import { nodeSegmentFiles } from './segment-files.ts';
import { settleSegments } from './settle.ts';
import type { SurveyedDay } from './survey.ts';
import { surveyDumps } from './survey.ts';
import { sweepIndex } from './sweep.ts';

export interface SealingOptions {
  readonly index: string;
  /** The dump folder, and how it is read. */
  readonly root: string;
  readonly folder: Pick<DumpFolder, 'read'>;
  readonly files?: SegmentFiles;
  /** About how many rows are held at a time. */
  readonly mostRows?: number;
}

/** 72 MB; a day of minutes of 700 processes is one segment. */
const MOST_ROWS = 1_048_576;

/** What one thread seals with. */
export interface Sealing {
  /** Removes what killed sealers have left. */
  sweep(): Promise<void>;
  /** Which dumps no segment was made of. */
  survey(pairs: readonly DumpPair[]): Promise<readonly SurveyedDay[]>;
  /** Seals again what hangs on neighbours that have changed. */
  settle(control: SealControl): Promise<void>;
  seal(stretch: Stretch, control: SealControl): Promise<SealResult>;
  close(): void;
}

export async function openSealing({
  index,
  root,
  folder,
  files = nodeSegmentFiles,
  mostRows = MOST_ROWS,
}: SealingOptions): Promise<Sealing> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const world: SealWorld = {
    index,
    root,
    folder,
    files,
    connection,
    stream: openRowStream(connection),
    spare: [],
    mostRows,
  };
  return {
    sweep: () => sweepIndex(files, index),
    survey: (pairs) => surveyDumps(index, root, pairs),
    settle: (control) => settleSegments(world, control),
    seal: (stretch, control) => sealStretch(world, stretch, control),
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
