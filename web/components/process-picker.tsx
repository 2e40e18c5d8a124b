import { useRef, useState } from 'preact/hooks';
import { displayText } from '../../server/domain/text-notation.ts';
import type { SnapshotAnswer } from '../../server/interfaces/http/schemas/snapshot.ts';
import { besideHref, useOutcome } from '../beside.ts';
import { shorten, shortName } from '../lib/process-text.ts';
import type { View } from '../state.ts';
import { Bytes } from './figures.tsx';
import { PidForm } from './pid-form.tsx';
import type { PlainColumn } from './plain-table.tsx';
import { PlainTable } from './plain-table.tsx';

/** A process of this host by its pid, or out of those that were alive at the newest sample. */

type Row = SnapshotAnswer['rows'][number];

interface PickerProps {
  readonly view: View;
  readonly hrefOf: (pid: string) => string;
}

function matches({ pid, comm, cmd, user }: Row, typed: string): boolean {
  const texts = [String(pid), comm, cmd, user].map((text) => displayText(text).toLowerCase());
  return texts.some((text) => text.includes(typed.toLowerCase()));
}

const MOST_ROWS = 200;
const LARGEST_FIRST = { sort: 'rss_bytes', limit: '2000' };

function columnsOf(hrefOf: PickerProps['hrefOf']): readonly [PlainColumn<Row>, ...PlainColumn<Row>[]] {
  return [
    {
      head: 'Name',
      isText: true,
      cell: (row) => (
        <a class="cmd" href={hrefOf(String(row.pid))}>
          {shorten(shortName(row), 40)}
        </a>
      ),
    },
    { head: 'PID', cell: ({ pid }) => pid },
    { head: 'User', isText: true, cell: ({ user }) => displayText(user) },
    { head: 'RSS', cell: ({ rss_bytes }) => <Bytes value={rss_bytes} /> },
  ];
}

function ProcessList({ typed, hrefOf }: { readonly typed: string } & Pick<PickerProps, 'hrefOf'>) {
  const known = useOutcome<SnapshotAnswer, null>(besideHref('/api/v1/snapshot', LARGEST_FIRST), null);
  if (!known) return <p class="muted">Reading the newest sample…</p>;
  if (known.outcome.kind !== 'answer')
    return <p class="muted">Nothing has been recorded to choose from: type a PID.</p>;
  const rows = [...known.outcome.answer.rows].sort((a, b) => b.rss_bytes - a.rss_bytes);
  const found = rows.filter((row) => matches(row, typed));
  if (found.length === 0) return <p class="empty">No process of the newest sample matches.</p>;
  return (
    <PlainTable
      label="Processes of the newest sample"
      rows={found.slice(0, MOST_ROWS)}
      keyOf={({ key }) => key}
      columns={columnsOf(hrefOf)}
    />
  );
}

/** All processes, in a dialog with a search. */
function Browse({ hrefOf }: Pick<PickerProps, 'hrefOf'>) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const open = () => {
    setOpen(true);
    dialog.current?.showModal();
  };
  return (
    <>
      <button type="button" class="btn" onClick={open}>
        Browse processes
      </button>
      <dialog ref={dialog} class="browse" aria-label="Processes" onClose={() => setOpen(false)}>
        <div class="toolbar">
          <input
            type="search"
            aria-label="Name, command, user or PID"
            placeholder="Name, command, user or PID"
            onInput={({ currentTarget }) => setTyped(currentTarget.value.trim())}
          />
          <span class="grow" />
          <button type="button" class="btn quiet" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
        <div>{isOpen ? <ProcessList typed={typed} hrefOf={hrefOf} /> : null}</div>
      </dialog>
    </>
  );
}

export function ProcessPicker({ view, hrefOf }: PickerProps) {
  const button = (
    <button type="submit" class="btn primary">
      Analyse
    </button>
  );
  return (
    <PidForm view={view} class="pick-process" label="PID" button={button} hrefOf={hrefOf}>
      <Browse hrefOf={hrefOf} />
    </PidForm>
  );
}
