import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Picture } from '../chart-pictures.ts';
import { pictures } from '../chart-pictures.ts';
import type { ImageFormat } from '../lib/chart-spec.ts';
import type { ExportLink } from '../lib/exports.ts';
import { dataLinks, pictureFile, reportLink } from '../lib/exports.ts';
import type { View } from '../state.ts';
import { copyTable } from './copy-table.tsx';

/** All that can be taken along from a page: its data, a report, its charts as pictures, its tables by the clipboard. */

export interface ExportProps {
  readonly view: View;
  readonly answer: object;
  /** Where the page has data that the server does not. */
  readonly made?: readonly MadeFile[];
}

/** Data as text, written when it is asked for. */
export interface MadeFile {
  readonly label: string;
  readonly about: string;
  readonly file: string;
  readonly type: string;
  readonly write: () => string;
}

type Say = (text: string) => void;

function Links({ links }: { readonly links: readonly ExportLink[] }) {
  return (
    <ul>
      {links.map(({ label, about, href, file }) => (
        <li key={label}>
          <a href={href} download={file}>
            {label}
          </a>{' '}
          <span class="muted">{about}</span>
        </li>
      ))}
    </ul>
  );
}

/** By then the browser has it. */
const REVOKED_AFTER_MS = 60_000;

function download(href: string, file: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = file;
  link.click();
}

function saveMade({ file, type, write }: MadeFile): void {
  const href = URL.createObjectURL(new Blob([write()], { type }));
  download(href, file);
  setTimeout(() => URL.revokeObjectURL(href), REVOKED_AFTER_MS);
}

function MadeFiles({ made, say }: { readonly made: readonly MadeFile[]; readonly say: Say }) {
  const save = (one: MadeFile) => {
    saveMade(one);
    say(`Saved ${one.file}`);
  };
  return (
    <ul>
      {made.map((one) => (
        <li key={one.label}>
          <button type="button" class="btn quiet" onClick={() => save(one)}>
            {one.label}
          </button>{' '}
          <span class="muted">{one.about}</span>
        </li>
      ))}
    </ul>
  );
}

const FORMATS: readonly { readonly format: ImageFormat; readonly label: string }[] = [
  { format: 'png', label: 'PNG 2×' },
  { format: 'svg', label: 'SVG' },
];

function PictureRow({ view, answer, picture, say }: ExportProps & { picture: Picture; say: Say }) {
  const take = async (format: ImageFormat) => {
    const file = pictureFile(view, answer, picture.title, format);
    try {
      download(await picture.take(format), file);
      say(`Saved ${file}`);
    } catch {
      say('The chart could not be drawn.');
    }
  };
  return (
    <li>
      {picture.title}{' '}
      {FORMATS.map(({ format, label }) => (
        <button
          key={format}
          type="button"
          class="btn quiet"
          aria-label={`${picture.title} as ${label}`}
          onClick={() => void take(format)}
        >
          {label}
        </button>
      ))}
    </li>
  );
}

function TableRow({ table, say }: { readonly table: HTMLTableElement; readonly say: Say }) {
  const name = table.getAttribute('aria-label') ?? '';
  return (
    <li>
      {name}{' '}
      <button
        type="button"
        class="btn quiet"
        aria-label={`Copy ${name}`}
        onClick={() => void copyTable(table).then(say)}
      >
        Copy
      </button>
    </li>
  );
}

/** The tables that are on the page now; those of charts have a button of their own. */
function tablesOfPage(): readonly HTMLTableElement[] {
  return [...document.querySelectorAll<HTMLTableElement>('main table[aria-label]')];
}

interface MoreProps extends ExportProps {
  readonly tables: readonly HTMLTableElement[];
  readonly say: Say;
}

/** What is made in the browser. */
function FromThePage({ view, answer, tables, say }: MoreProps) {
  return (
    <>
      {pictures.value.length > 0 ? <p class="menu-head">Charts</p> : null}
      <ul>
        {pictures.value.map((picture) => (
          <PictureRow key={picture.title} view={view} answer={answer} picture={picture} say={say} />
        ))}
      </ul>
      {tables.length > 0 ? <p class="menu-head">Tables, for a spreadsheet</p> : null}
      <ul>
        {tables.map((table) => (
          <TableRow key={table.getAttribute('aria-label')} table={table} say={say} />
        ))}
      </ul>
    </>
  );
}

/** For as long as the menu is open. */
export function ExportList({ view, answer, made = [] }: ExportProps) {
  const tables = useMemo(tablesOfPage, []);
  const said = useSignal('');
  const say = (text: string) => {
    said.value = text;
  };
  const report = reportLink(view, answer);
  return (
    <>
      <Links links={[...dataLinks(view, answer), ...(report ? [report] : [])]} />
      <MadeFiles made={made} say={say} />
      <FromThePage view={view} answer={answer} tables={tables} say={say} />
      <p class="menu-said" role="status">
        {said.value}
      </p>
    </>
  );
}
