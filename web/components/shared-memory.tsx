import { displayText } from '../../server/domain/text-notation.ts';
import type { SystemAnswer } from '../../server/interfaces/http/schemas/system.ts';
import { countOf, formatCount } from '../lib/numbers.ts';
import { Bytes } from './figures.tsx';
import { PlainTable } from './plain-table.tsx';

/** Memory that no process has: files in memory and segments outlive those who made them. */

type Shared = SystemAnswer['shared'];

function FileSystems({ shared, total }: { readonly shared: Shared; readonly total: number | null }) {
  if (shared.file_systems.length === 0) return <p class="muted">No file system in memory is mounted here.</p>;
  return (
    <PlainTable
      label="File systems in memory"
      rows={shared.file_systems}
      keyOf={({ path }) => path}
      columns={[
        {
          head: 'File system',
          isText: true,
          cell: ({ path }) => <span class="cmd">{displayText(path)}</span>,
        },
        { head: 'Type', isText: true, isFurther: true, cell: ({ type }) => type },
        {
          head: 'Used',
          cell: ({ used_bytes }) => <Bytes value={used_bytes} />,
          shade: ({ used_bytes }) => ({ bytes: used_bytes, of: total }),
        },
        { head: 'May take', cell: ({ size_bytes }) => <Bytes value={size_bytes} /> },
      ]}
    />
  );
}

function more(shown: number, total: number, what: string) {
  return total > shown ? (
    <p class="note">
      {formatCount(total - shown)} smaller {what} are not listed.
    </p>
  ) : null;
}

function Segments({ segments }: Pick<Shared, 'segments'>) {
  if (segments.total === 0) return <p class="muted">There are no System V segments.</p>;
  return (
    <>
      <PlainTable
        label="System V shared memory"
        rows={segments.items}
        keyOf={({ id }) => id}
        columns={[
          { head: 'Segment', isText: true, cell: ({ id }) => id },
          { head: 'Size', cell: ({ size_bytes }) => <Bytes value={size_bytes} /> },
          { head: 'In RAM', cell: ({ rss_bytes }) => <Bytes value={rss_bytes} /> },
          { head: 'In swap', isFurther: true, cell: ({ swap_bytes }) => <Bytes value={swap_bytes} /> },
          {
            head: 'Attached',
            cell: ({ attached }) =>
              attached === 0 ? <b class="hurting">by nobody</b> : countOf(attached, 'process', 'processes'),
          },
          { head: 'Made by PID', isFurther: true, cell: ({ creator_pid }) => creator_pid },
          { head: 'User', isText: true, isFurther: true, cell: ({ user }) => displayText(user) },
        ]}
      />
      {more(segments.items.length, segments.total, 'segments')}
    </>
  );
}

function Files({ files }: Pick<Shared, 'files'>) {
  if (files === null) return <p class="muted">/dev/shm cannot be listed.</p>;
  if (files.total === 0) return <p class="muted">/dev/shm has no files.</p>;
  return (
    <>
      <PlainTable
        label="POSIX shared memory"
        rows={files.items}
        keyOf={({ name }) => name}
        columns={[
          { head: 'File', isText: true, cell: ({ name }) => <span class="cmd">{displayText(name)}</span> },
          { head: 'Used', cell: ({ used_bytes }) => <Bytes value={used_bytes} /> },
          { head: 'Length', cell: ({ size_bytes }) => <Bytes value={size_bytes} /> },
          { head: 'User', isText: true, isFurther: true, cell: ({ user }) => displayText(user) },
        ]}
      />
      {more(files.items.length, files.total, 'files')}
    </>
  );
}

export function SharedMemory({ shared, memory }: Pick<SystemAnswer, 'shared' | 'memory'>) {
  return (
    <>
      <FileSystems shared={shared} total={memory.total_bytes} />
      <h3>POSIX shared memory, /dev/shm</h3>
      <Files files={shared.files} />
      <h3>System V segments</h3>
      <Segments segments={shared.segments} />
      <p class="muted unlisted">
        <Bytes value={shared.unlisted_bytes} /> of Shmem (<Bytes value={memory.shmem_bytes} />) is in none of
        these file systems and segments: memfd files, deleted files that are still open, memory that processes
        share without a name, and what other containers have mounted. Only a look at every process's
        descriptors would find it.
      </p>
    </>
  );
}
