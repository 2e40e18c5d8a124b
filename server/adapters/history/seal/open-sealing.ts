import { DuckDBInstance } from '@duckdb/node-api';
import type { DumpFolder, DumpPair } from '../../../application/ports.ts';
import type { SealResult, Stretch } from '../../../application/sealing-ports.ts';
import { openRowStream } from './row-stream.ts';
import type { SealControl, SealWorld } from './seal-stretch.ts';
import { sealStretch } from './seal-stretch.ts';
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
}

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
