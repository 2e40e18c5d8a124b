import type { FastifyReply, FastifyRequest } from 'fastify';
import { exportFileName } from '../../domain/export-name.ts';

/** Forms of a view that is a table, with what a browser is told of them. */
const TABLE_TYPES = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
} as const;

export type TableForm = keyof typeof TABLE_TYPES;

/** One URL, several forms: a page for those who accept text/html, data for everyone else, `format=` for any. */
export type Form = 'html' | 'json' | TableForm;

const FORMS: readonly string[] = ['html', 'json', ...Object.keys(TABLE_TYPES)];

function isForm(format: unknown): format is Form {
  return typeof format === 'string' && FORMS.includes(format);
}

function formatParameter(request: FastifyRequest): unknown {
  return (request.query as Readonly<Record<string, unknown>> | undefined)?.format;
}

/** Which form a request asks for; a wrong `format` has been refused before. */
export function formOf(request: FastifyRequest): Form {
  const format = formatParameter(request);
  if (isForm(format)) return format;
  return request.headers.accept?.includes('text/html') ? 'html' : 'json';
}

/** Sends the web app, which then asks for the data itself. The status is that of the data. */
export function sendPage(reply: FastifyReply): FastifyReply {
  return reply.type('text/html; charset=utf-8').sendFile('index.html', { cacheControl: false });
}

/** Sends a table as a file. */
export function sendFile(
  reply: FastifyReply,
  form: TableForm,
  name: readonly string[],
  content: string | Uint8Array,
): FastifyReply {
  return reply
    .type(TABLE_TYPES[form])
    .header('content-disposition', `attachment; filename="${exportFileName(name, form)}"`)
    .send(content);
}
