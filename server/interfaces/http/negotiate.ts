import type { FastifyReply, FastifyRequest } from 'fastify';

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

const NOT_IN_A_FILE_NAME = /[^A-Za-z0-9._-]+/g;

/** Sends a file, named `memory_{view}_{host}_{instant}.{ext}`. */
export function sendFile(
  reply: FastifyReply,
  form: TableForm,
  name: readonly string[],
  content: string | Uint8Array,
): FastifyReply {
  const file = `memory_${name.join('_').replaceAll(NOT_IN_A_FILE_NAME, '-')}.${form}`;
  return reply
    .type(TABLE_TYPES[form])
    .header('content-disposition', `attachment; filename="${file}"`)
    .send(content);
}
