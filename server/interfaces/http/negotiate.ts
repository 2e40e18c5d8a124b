import type { FastifyReply, FastifyRequest } from 'fastify';

/** One URL, three forms: a page for those who accept text/html, data for everyone else, `format=` for either. */
export type Form = 'html' | 'json' | 'csv';

function formatParameter(request: FastifyRequest): unknown {
  return (request.query as Readonly<Record<string, unknown>> | undefined)?.format;
}

/** Which form a request asks for; a wrong `format` has been refused before. */
export function formOf(request: FastifyRequest): Form {
  const format = formatParameter(request);
  if (format === 'json' || format === 'csv' || format === 'html') return format;
  return request.headers.accept?.includes('text/html') ? 'html' : 'json';
}

/** Sends the web app, which then asks for the data itself. The status is that of the data. */
export function sendPage(reply: FastifyReply): FastifyReply {
  return reply.type('text/html; charset=utf-8').sendFile('index.html', { cacheControl: false });
}

const NOT_IN_A_FILE_NAME = /[^A-Za-z0-9._-]+/g;

/** Sends a table, named `memory_{view}_{host}_{instant}.csv`. */
export function sendCsv(reply: FastifyReply, name: readonly string[], csv: string): FastifyReply {
  const file = `memory_${name.join('_').replaceAll(NOT_IN_A_FILE_NAME, '-')}.csv`;
  return reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${file}"`)
    .send(csv);
}
