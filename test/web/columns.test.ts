import { describe, expect, test } from 'vitest';
import { PROCESS_METRICS } from '../../server/domain/metrics.ts';
import { ALL_COLUMNS, columnsOf, shownColumns } from '../../web/components/columns.ts';
import { parseView } from '../../web/state.ts';

function viewAt(query: string) {
  return parseView(new URL(`http://127.0.0.1/api/v1/snapshot?${query}`));
}

function idsOf(query: string, page: 'snapshot' | 'level', isNarrow = false): string[] {
  return columnsOf(viewAt(query), page, isNarrow).flatMap(({ columns }) => columns.map(({ id }) => id));
}

describe('Columns', () => {
  test('are every metric of the catalogue but what only programs need, each once', () => {
    const choosable = ALL_COLUMNS.flatMap(({ columns }) => columns.map(({ id }) => id as string));
    const metrics = PROCESS_METRICS.map(({ id }) => id as string);
    const missing = metrics.filter((id) => !choosable.includes(id));
    expect(missing.sort()).toEqual(['key', 'start_ticks', 'weak_identity']);
    expect(new Set(choosable).size).toBe(choosable.length);
  });

  test('that the URL names are shown in the order of the catalogue, and the command always', () => {
    expect(idsOf('shown=vsz_bytes,pid', 'snapshot')).toEqual(['cmd', 'pid', 'vsz_bytes']);
    expect(idsOf('shown=vsz_bytes,pid', 'level')).toEqual(['pid', 'vsz_bytes', 'cmd']);
    expect(idsOf('shown=nonsense', 'level')).toEqual(['cmd']);
  });

  test('of changes come with an instant to compare with', () => {
    expect(shownColumns(viewAt(''), 'snapshot').has('change_subtree')).toBe(false);
    expect(shownColumns(viewAt('base=-1h'), 'snapshot').has('change_subtree')).toBe(true);
  });

  test('are three where there is little room, whatever was chosen', () => {
    expect(idsOf('shown=vsz_bytes,pid', 'snapshot', true)).toEqual(['cmd', 'rss_bytes', 'subtree_rss_bytes']);
  });
});
