import type { FastifyReply, FastifyRequest } from 'fastify';
import type { History } from '../../application/ports.ts';
import { typedColumn } from '../../domain/cell-type.ts';
import type { Table } from '../csv.ts';
import { encodeCsv } from '../csv.ts';
import type { TableForm } from './negotiate.ts';
import { formOf, sendFile, sendPage } from './negotiate.ts';

/** One view in every form: the page, JSON, and as a table CSV, NDJSON and Parquet. */

export interface Sheet {
  /** Parts of the file's name. */
  readonly name: readonly string[];
  readonly columns: readonly string[];
  readonly rows: Table;
}

interface FormRequest {
  readonly raw?: string | undefined;
}

function encodeNdjson({ columns, rows }: Sheet): string {
  const lines = rows.map((row) =>
    JSON.stringify(Object.fromEntries(columns.map((column) => [column, row[column] ?? null]))),
  );
  return lines.map((line) => `${line}\n`).join('');
}

function encodeSheet(
  { encodeParquet }: Pick<History, 'encodeParquet'>,
  form: TableForm,
  sheet: Sheet,
  isRaw: boolean,
): string | Promise<Uint8Array> {
  const { columns, rows } = sheet;
  if (form === 'csv') return encodeCsv(columns, rows, isRaw);
  if (form === 'ndjson') return encodeNdjson(sheet);
  return encodeParquet(
    columns.map((name) =>
      typedColumn(
        name,
        rows.map((row) => row[name] ?? null),
      ),
    ),
  );
}

/** Sends a view in the form that the request asks for. */
export async function sendView<View>(
  request: FastifyRequest<{ Querystring: FormRequest }>,
  reply: FastifyReply,
  history: Pick<History, 'encodeParquet'>,
  view: View,
  sheetOf: (view: View) => Sheet,
): Promise<FastifyReply> {
  const form = formOf(request);
  if (form === 'html') return sendPage(reply);
  if (form === 'json') return reply.send(view);
  const sheet = sheetOf(view);
  const content = await encodeSheet(history, form, sheet, request.query.raw === '1');
  return sendFile(reply, form, sheet.name, content);
}
