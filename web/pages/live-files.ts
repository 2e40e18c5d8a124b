import { exportFileName } from '../../server/domain/export-name.ts';
import type { MadeFile } from '../components/export-list.tsx';
import { exportName } from '../lib/exports.ts';
import { encodeShownCsv, encodeShownJson } from '../lib/live-export.ts';
import type { LiveLines } from './live-lines.ts';

/** What the live page shows, to be taken along. */

/** Of an answer: whose it is and when, for the names of files. */
export function datedBy({ host, span }: LiveLines): object {
  return { host, coverage: { to: new Date(span.to).toISOString() } };
}

export function madeFiles(lines: LiveLines): readonly MadeFile[] {
  const { view, joined, span, memory, cpu, host } = lines;
  const shown = {
    ...{ joined, span },
    lines: [
      ...memory.map(({ id, name }) => ({ id, column: `${name} bytes` })),
      ...cpu.map(({ id, name }) => ({ id, column: `${name} CPU percent` })),
    ],
  };
  const name = exportName(view, datedBy(lines));
  return [
    {
      label: 'CSV',
      about: 'every point that is shown',
      file: exportFileName(name, 'csv'),
      type: 'text/csv',
      write: () => encodeShownCsv(shown),
    },
    {
      label: 'JSON',
      about: 'the same, with the gaps',
      file: exportFileName(name, 'json'),
      type: 'application/json',
      write: () => encodeShownJson(shown, { host, watch: view.params.watch }),
    },
  ];
}
