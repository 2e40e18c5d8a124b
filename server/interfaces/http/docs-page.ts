import { ERROR_CODES } from '../../domain/errors.ts';
import { PROCESS_METRICS } from '../../domain/metrics.ts';
import { escapeHtml } from '../report/html.ts';
import { STATUS_OF } from './problems.ts';

/** /docs: a plain page made from the OpenAPI document, the catalogue and the error codes, so that it cannot lag. */

interface Parameter {
  readonly name: string;
  readonly description?: string;
  readonly schema?: Readonly<Record<string, unknown>>;
}

export interface DescribedRoute {
  readonly summary?: string;
  readonly parameters?: readonly Parameter[];
}

function boundsOf({ schema = {} }: Parameter): string {
  const { type, enum: values, minimum, maximum } = schema;
  if (Array.isArray(values)) return values.length > 8 ? 'a metric id' : values.join(', ');
  const bounds = minimum === undefined ? '' : ` ${String(minimum)} … ${String(maximum ?? '')}`;
  return `${String(type ?? '')}${bounds}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]) =>
    row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('');
  const body = rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('\n');
  return `<table class="docs"><thead><tr>${cells('th', head)}</tr></thead><tbody>${body}</tbody></table>`;
}

/** By method. */
export type DescribedRoutes = Readonly<Record<string, DescribedRoute>>;

function routeSection(path: string, method: string, route: DescribedRoute): string {
  const rows = (route.parameters ?? []).map((parameter) => [
    parameter.name,
    boundsOf(parameter),
    String(parameter.schema?.default ?? ''),
    parameter.description ?? String(parameter.schema?.description ?? ''),
  ]);
  const parameters = rows.length > 0 ? table(['Parameter', 'Type', 'Default', 'Meaning'], rows) : '';
  return `<h2><code>${method.toUpperCase()} ${escapeHtml(path)}</code></h2><p>${escapeHtml(route.summary ?? '')}</p>${parameters}`;
}

function errorTable(): string {
  const rows = ERROR_CODES.map(
    (code) => `<tr id="${code}"><td><code>${code}</code></td><td>${STATUS_OF[code]}</td></tr>`,
  );
  return `<table class="docs"><thead><tr><th>Code</th><th>Status</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

/** The whole page. It needs no script. */
export function renderDocsPage(paths: Readonly<Record<string, DescribedRoutes>>, version: string): string {
  const sections = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, route]) => routeSection(path, method, route)),
  );
  const metrics = table(
    ['Field', 'Label', 'Unit', 'Addable', 'Meaning'],
    PROCESS_METRICS.map(({ id, label, unit, addable, help }) => [
      id,
      label,
      unit,
      addable ? 'yes' : '',
      help,
    ]),
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>API – Memory Inspector</title><link rel="stylesheet" href="/static/mem.css"></head>
<body><main class="docs-page"><p><a href="/api/v1/">← Overview</a></p><h1>API</h1>
<p>Version ${escapeHtml(version)}. Every view is one URL in several forms: a page for those who accept text/html, JSON for everyone else,
<code>?format=json</code>, <code>csv</code>, <code>ndjson</code> or <code>parquet</code> for any. Machine-readable: <a href="/openapi.json">openapi.json</a>.
Memory is in bytes, time in seconds, instants are ISO 8601 UTC; <code>t</code> is epoch milliseconds; unknown is <code>null</code>.
Texts are on one line: control characters and bytes that are not UTF-8 are written <code>\\xNN</code>, a backslash <code>\\\\</code>.</p>
${sections.join('\n')}
<h2>Process fields</h2>${metrics}
<h2>Errors</h2><p>Problem documents (RFC 9457) with a closed list of codes.</p>${errorTable()}
</main></body></html>`;
}
