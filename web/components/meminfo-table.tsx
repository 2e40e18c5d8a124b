import { useState } from 'preact/hooks';
import type { SystemAnswer } from '../../server/interfaces/http/schemas/system.ts';
import { isNarrow } from '../lib/media.ts';
import { countOf, formatCount } from '../lib/numbers.ts';
import { Bytes } from './figures.tsx';
import type { PlainColumn } from './plain-table.tsx';
import { PlainTable } from './plain-table.tsx';

/** Every key of /proc/meminfo and what it means; found by either. */

type Figure = SystemAnswer['meminfo'][number];

/** Not memory of this host but address space, sizes, and what its pages are mapped with. */
const NO_SHARE = /^(Vmalloc|DirectMap|Hugepagesize|Commit)/;

function Meaning({ figure }: { readonly figure: Figure }) {
  return figure.help ?? <span class="unknown">no description</span>;
}

function columnsOf(total: number | null): readonly [PlainColumn<Figure>, ...PlainColumn<Figure>[]] {
  return [
    {
      head: 'Key',
      isText: true,
      cell: (figure) => (
        <>
          <span class="cmd">{figure.key}</span>
          {isNarrow.value ? (
            <small class="muted meaning">
              <Meaning figure={figure} />
            </small>
          ) : null}
        </>
      ),
    },
    {
      head: 'Value',
      cell: ({ key, value, unit }) =>
        unit === 'bytes' ? <Bytes value={value} label={key} /> : formatCount(value),
      shade: ({ key, value, unit }) => ({
        bytes: unit === 'bytes' && !NO_SHARE.test(key) ? value : 0,
        of: total,
      }),
    },
    { head: 'What it is', isText: true, isFurther: true, cell: (figure) => <Meaning figure={figure} /> },
  ];
}

interface MeminfoProps {
  readonly meminfo: SystemAnswer['meminfo'];
  readonly memory: Pick<SystemAnswer['memory'], 'total_bytes'>;
}

export function MeminfoTable({ meminfo, memory }: MeminfoProps) {
  const [asked, setAsked] = useState('');
  const needle = asked.trim().toLowerCase();
  const found = meminfo.filter(({ key, help }) => `${key} ${help ?? ''}`.toLowerCase().includes(needle));
  return (
    <>
      <label class="field grow">
        Find
        <input
          class="search"
          type="search"
          placeholder="a key, or what it means"
          value={asked}
          onInput={({ currentTarget }) => setAsked(currentTarget.value)}
        />
      </label>
      {found.length === 0 ? (
        <p class="empty">None of {countOf(meminfo.length, 'key', 'keys')} is called so or means that.</p>
      ) : (
        <PlainTable
          label="Memory figures of the kernel"
          rows={found}
          keyOf={({ key }) => key}
          columns={columnsOf(memory.total_bytes)}
        />
      )}
    </>
  );
}
