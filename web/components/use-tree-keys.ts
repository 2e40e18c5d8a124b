import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Folding } from '../lib/tree-folding.ts';
import type { TreeMove, TreeRow } from '../lib/tree-rows.ts';
import { moveInTree } from '../lib/tree-rows.ts';
import { adjustView, navigate } from '../navigation.ts';
import type { View } from '../state.ts';
import { changeView } from '../state.ts';
import type { CellContext } from './process-cell.tsx';
import { processHref } from './process-cell.tsx';
import type { Body } from './row-window.tsx';
import type { SubtreeRow } from './tree-row.tsx';

/** Rows take the focus; arrows walk, open and close them, Space tells all of one (WAI-ARIA APG, treegrid). */

interface TreeKeys {
  readonly body: Body;
  readonly rows: readonly TreeRow<SubtreeRow>[];
  readonly folding: Folding;
  readonly view: View;
  readonly context: CellContext;
  readonly onDetails: (key: string | null) => void;
}

function isForRows({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return target instanceof HTMLTableRowElement && !ctrlKey && !metaKey && !altKey;
}

/** The row that keys act on. It may first have to come into the page. */
function useActiveRow({ body, rows }: Pick<TreeKeys, 'body' | 'rows'>) {
  const [activePid, setActivePid] = useState<number | null>(null);
  const wanted = useRef<number | null>(null);
  const active = Math.max(
    0,
    rows.findIndex(({ row }) => row.pid === activePid),
  );
  const focusWanted = () => {
    if (wanted.current === null) return;
    body.current?.querySelector<HTMLElement>(`tr[data-pid="${wanted.current}"]`)?.focus();
    wanted.current = null;
  };
  useLayoutEffect(focusWanted);
  const focusRow = (pid: number) => {
    wanted.current = pid;
    if (pid === rows[active]?.row.pid) focusWanted();
    else setActivePid(pid);
  };
  return { active, setActivePid, focusRow };
}

export function useTreeKeys({ body, rows, folding, view, context, onDetails }: TreeKeys) {
  const { active, setActivePid, focusRow } = useActiveRow({ body, rows });
  const toggle = (pid: number) => adjustView(changeView(view, { fold: [...folding.toggled(pid)].join(',') }));
  const act = ({ kind, index }: TreeMove) => {
    const { pid } = rows[index].row;
    if (kind === 'toggle') toggle(pid);
    else if (kind === 'open') navigate(processHref(pid, context));
    else focusRow(pid);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[active];
    if (!isForRows(event) || !row) return;
    const move = moveInTree(rows, active, event.key);
    if (!move && event.key !== ' ') return;
    event.preventDefault();
    event.stopPropagation();
    if (move) act(move);
    else onDetails(row.row.key);
  };
  const closeDetails = () => {
    onDetails(null);
    if (rows[active]) focusRow(rows[active].row.pid);
  };
  return { active, toggle, onFocus: setActivePid, onKeyDown, closeDetails };
}
