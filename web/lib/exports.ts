import { exportFileName } from '../../server/domain/export-name.ts';
import { canonicalView, pictureOf } from '../about-view.ts';
import type { ExportFormat, PageId, ParamName, View } from '../state.ts';
import { dataHrefOf, FILTER_PARAMS } from '../state.ts';

/** What a view can be taken along as: links to the same view in other forms. */

export interface ExportLink {
  readonly label: string;
  readonly about: string;
  readonly href: string;
  /** What the file is called where the server does not say. */
  readonly file: string;
}

/** Of an answer: whose it is and when. */
interface Dated {
  readonly host?: string | null;
  readonly ts?: string | null;
  readonly coverage?: { readonly to: string };
  readonly now?: string;
}

/** Series are given as finely as the server gives them. */
const EXPORT_PX = 4000;

interface Form {
  readonly format: ExportFormat;
  readonly isRaw?: boolean;
  readonly label: string;
  readonly about: string;
}

const FORMS: readonly Form[] = [
  { format: 'csv', label: 'CSV', about: 'all columns, formulas guarded' },
  { format: 'csv', isRaw: true, label: 'CSV, raw', about: 'texts exactly as recorded' },
  { format: 'json', label: 'JSON', about: 'the whole answer' },
  { format: 'ndjson', label: 'NDJSON', about: 'a JSON object a row' },
  { format: 'parquet', label: 'Parquet', about: 'typed columns' },
];

/** The live page makes the others itself, of what it draws. */
const LIVE_FORMS = FORMS.filter(({ format }) => format === 'ndjson' || format === 'parquet').map((form) => ({
  ...form,
  about: 'the feed’s newest points: the host and every group',
}));

function formsOf({ page }: View): readonly Form[] {
  return page === 'live' ? LIVE_FORMS : FORMS;
}

/** The parts of a file's name: the view, whose it is, when. */
export function exportName(view: View, answer: object): readonly string[] {
  const { host, ts, coverage, now }: Dated = answer;
  const { lvl, pid, by, name } = view.params;
  const parts = [view.page, lvl ?? pid ?? by ?? name, host, ts ?? coverage?.to ?? now];
  return parts.filter((part) => part !== undefined && part !== null);
}

/** The view in each of its forms, its instants absolute: what is exported is what is seen. */
export function dataLinks(view: View, answer: object): readonly ExportLink[] {
  const fixed = canonicalView(view, answer);
  const name = exportName(view, answer);
  return formsOf(view).map(({ format, isRaw, label, about }) => ({
    label,
    about,
    href: `${dataHrefOf(fixed, format, EXPORT_PX)}${isRaw ? '&raw=1' : ''}`,
    file: exportFileName(name, format),
  }));
}

const REPORTED: readonly ParamName[] = [
  ...(['host', 'pid', 'key', 'lvl', 'ts', 'from', 'to', 'base'] as const),
  ...FILTER_PARAMS.filter((name) => name !== 'limit'),
];
const WITHOUT_REPORT: ReadonlySet<PageId | 'unknown'> = new Set([
  'live',
  'system',
  'analyze',
  'learn',
  'files',
  'status',
  'watch',
  'alerts',
  'sessions',
  'unknown',
]);

/** A document that needs no server; `null` where the page is not of a recorded moment. */
export function reportLink(view: View, answer: object): ExportLink | null {
  if (WITHOUT_REPORT.has(view.page)) return null;
  const { params } = canonicalView(view, answer);
  const told = REPORTED.map((name) => [name, params[name]] as const);
  const asked = [...told, ['group', params.by] as const, ['view', pictureOf(view)] as const];
  const query = new URLSearchParams(asked.flatMap(([name, value]) => (value ? [[name, value]] : [])));
  return {
    label: 'HTML report',
    about: 'opens without this server',
    href: `/api/v1/report?${query}`,
    file: exportFileName(['report', ...exportName(view, answer)], 'html'),
  };
}

/** `RAM usage` of the overview → `memory_overview-ram-usage_web-1_….png` */
export function pictureFile(view: View, answer: object, title: string, extension: string): string {
  const [page, ...rest] = exportName(view, answer);
  return exportFileName([`${page}-${title.toLowerCase()}`, ...rest], extension);
}
