import { useSignal } from '@preact/signals';
import { countOf, formatCount } from '../lib/numbers.ts';
import type { CopiedTable } from '../lib/tsv.ts';
import { readTable } from '../lib/tsv.ts';

function copiedText({ rows, of }: CopiedTable): string {
  if (rows === of) return `Copied ${countOf(rows, 'row', 'rows')}, columns by tabs.`;
  return `Copied ${formatCount(rows)} of ${countOf(of, 'row', 'rows')}, those in sight; the CSV has all of them.`;
}

/** Puts a table on the clipboard. @returns what to tell the reader */
export async function copyTable(table: HTMLTableElement): Promise<string> {
  const copied = readTable(table);
  try {
    await navigator.clipboard.writeText(copied.text);
    return copiedText(copied);
  } catch {
    return 'The browser does not let this page write to the clipboard.';
  }
}

interface CopyTableProps {
  readonly name: string;
  readonly find: () => HTMLTableElement | null;
}

export function CopyTableButton({ name, find }: CopyTableProps) {
  const said = useSignal('');
  const copy = async () => {
    const table = find();
    if (table) said.value = await copyTable(table);
  };
  return (
    <p class="copy-table">
      <button type="button" class="btn" aria-label={`Copy ${name}`} onClick={() => void copy()}>
        Copy
      </button>{' '}
      <span class="muted" role="status">
        {said.value}
      </span>
    </p>
  );
}
