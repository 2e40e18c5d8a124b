import { z } from 'zod';
import { DUMP_KINDS, DUMP_STATES } from '../../../domain/dump-state.ts';

/** GET /api/v1/files: the dumps of the folder, and what of them could not be used. Names are relative to the folder. */

const reject = z.object({
  line: z.number().nullable().describe('null: of the whole file'),
  column: z.number().nullable().describe('Byte of the line, from 1'),
  reason: z.string().describe('Without the name of the file'),
});

const dump = z.object({
  name: z.string().describe('The process file, else the system file'),
  kind: z.enum(DUMP_KINDS).describe('pair, or which of the two files alone; other: no dump could be there'),
  instant: z.string().nullable().describe('What the name says, ISO 8601 UTC with milliseconds'),
  state: z
    .enum(DUMP_STATES)
    .describe('incomplete: something of it could not be used; rejected: nothing of it could'),
  sealed: z.boolean().describe('A segment holds it'),
  rows: z.number().nullable().describe('Processes that were taken in; null: not known'),
  rejected_rows: z.number(),
  reasons: z.array(z.object({ file: z.string(), ...reject.shape })).describe('The first 20'),
});

export const filesAnswer = z.object({
  folder: z.string().describe('The last part of its path'),
  dumps: z.array(dump).describe('Newest first'),
  total: z.number().describe('Dumps that pass the filter'),
  shown: z.number(),
  rejected_files: z.number().describe('Of the whole folder: complaints about files as a whole'),
  rejected_rows: z.number().describe('Of the whole folder'),
});

export type FilesAnswer = z.infer<typeof filesAnswer>;
