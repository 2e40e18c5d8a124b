import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { displayText } from '../../server/domain/text-notation.ts';
import type { SystemAnswer } from '../../server/interfaces/http/schemas/system.ts';
import { formatShare } from '../lib/numbers.ts';
import type { TreeMove, TreeRow } from '../lib/tree-rows.ts';
import { moveInTree, visibleRows } from '../lib/tree-rows.ts';
import { Bytes } from './figures.tsx';

/** The control groups as a tree; each says how much of its limit it has. Arrows walk, open and close (APG, treegrid). */

type Group = SystemAnswer['cgroups']['groups'][number];

/** More are first shown as deep as services go. */
const OPEN_UP_TO = 60;
const FIRST_DEPTH = 2;

const HEADS = ['Memory', 'Limit', 'Of its limit', 'Swap', 'Peak', 'OOM kills', 'Waiting'] as const;
const FURTHER: ReadonlySet<string> = new Set(['Of its limit', 'Swap', 'Peak', 'OOM kills', 'Waiting']);

function nameOf({ path }: Group): string {
  return displayText(path === '/' ? path : path.slice(path.lastIndexOf('/') + 1));
}

/** Which are open: all of a few, else down to the services; what the reader turned over is the other way. */
function useFolding(groups: readonly Group[]) {
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const isOpen = ({ path, depth }: Group) =>
    (groups.length <= OPEN_UP_TO || depth < FIRST_DEPTH) !== turned.has(path);
  const toggle = (path: string) => {
    const next = new Set(turned);
    if (!next.delete(path)) next.add(path);
    setTurned(next);
  };
  return { rows: visibleRows(groups, isOpen), toggle };
}

/** The row that keys act on; it keeps the focus when others come between. */
function useRowKeys(rows: readonly TreeRow<Group>[], toggle: (path: string) => void) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [path, setPath] = useState('/');
  const isAsked = useRef(false);
  const active = Math.max(
    0,
    rows.findIndex(({ row }) => row.path === path),
  );
  useLayoutEffect(() => {
    if (isAsked.current) body.current?.querySelectorAll<HTMLElement>('tr')[active]?.focus();
    isAsked.current = false;
  });
  const act = (move: TreeMove) => {
    if (move.kind !== 'focus') toggle(rows[move.index].row.path);
    isAsked.current = true;
    setPath(rows[move.index].row.path);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isForRow = event.target instanceof HTMLTableRowElement;
    if (!isForRow || event.ctrlKey || event.metaKey || event.altKey) return;
    const move = moveInTree(rows, active, event.key);
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    act(move);
  };
  return { body, active, onKeyDown, onFocus: setPath };
}

function Limit({ group }: { readonly group: Group }) {
  const { is_limited, max_bytes, high_bytes } = group;
  if (is_limited === null && high_bytes === null) return <span class="unknown">not told</span>;
  return (
    <>
      {is_limited ? <Bytes value={max_bytes} label="memory.max" /> : <span class="muted">none</span>}
      {high_bytes === null ? null : (
        <small class="muted">
          {' '}
          slowed at <Bytes value={high_bytes} label="memory.high" />
        </small>
      )}
    </>
  );
}

/** How full it is: a bar, and the number beside it. */
function Fill({ group }: { readonly group: Group }) {
  const { current_bytes, max_bytes } = group;
  if (current_bytes === null || !max_bytes) return null;
  const share = Math.min(1, current_bytes / max_bytes);
  return (
    <span class={share >= 0.9 ? 'fill hurting' : 'fill'}>
      <i aria-hidden="true" style={{ '--share': share.toFixed(3) }} />
      {formatShare(share)}
    </span>
  );
}

function Waiting({ group }: { readonly group: Group }) {
  const { some_avg10: some } = group;
  if (some === null) return <span class="unknown">–</span>;
  return <span class={some > 0 ? undefined : 'zero'}>{some.toFixed(1)} %</span>;
}

function OomKills({ group }: { readonly group: Group }) {
  const { oom_kills: kills } = group;
  if (kills === null) return <span class="unknown">–</span>;
  return kills > 0 ? <b class="hurting">{kills}</b> : <span class="zero">0</span>;
}

function FigureCells({ group }: { readonly group: Group }) {
  return (
    <>
      <td class="num">
        <Bytes value={group.current_bytes} label="In use" />
      </td>
      <td class="num">
        <Limit group={group} />
      </td>
      <td class="l opt">
        <Fill group={group} />
      </td>
      <td class="num opt">
        <Bytes value={group.swap_bytes} label="Swap" />
      </td>
      <td class="num opt">
        <Bytes value={group.peak_bytes} label="Most that was ever in use" />
      </td>
      <td class="num opt">
        <OomKills group={group} />
      </td>
      <td class="num opt">
        <Waiting group={group} />
      </td>
    </>
  );
}

interface RowProps {
  readonly item: TreeRow<Group>;
  readonly index: number;
  readonly isActive: boolean;
  readonly onToggle: (path: string) => void;
  readonly onFocus: (path: string) => void;
}

function GroupRow({ item, index, isActive, onToggle, onFocus }: RowProps) {
  const { row: group, position, siblings, isParent, isOpen } = item;
  return (
    <tr
      tabIndex={isActive ? 0 : -1}
      aria-level={group.depth + 1}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-rowindex={index + 2}
      aria-expanded={isParent ? isOpen : undefined}
      onFocus={() => onFocus(group.path)}
    >
      <th scope="row" class="l">
        <span class="tree" style={{ '--depth': String(group.depth) }}>
          <span class="twist" aria-hidden="true" onClick={isParent ? () => onToggle(group.path) : undefined}>
            {isParent ? (isOpen ? '▾' : '▸') : ''}
          </span>
          <span class="cmd" title={displayText(group.path)}>
            {nameOf(group)}
          </span>
        </span>
      </th>
      <FigureCells group={group} />
    </tr>
  );
}

export function CgroupTable({ groups }: { readonly groups: readonly Group[] }) {
  const { rows, toggle } = useFolding(groups);
  const { body, active, onKeyDown, onFocus } = useRowKeys(rows, toggle);
  return (
    <div class="table-frame">
      <table
        class="plain-table treegrid"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose rows open, as ARIA has it
        role="treegrid"
        aria-label="Control groups"
        aria-rowcount={rows.length + 1}
        onKeyDown={onKeyDown}
      >
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" class="l">
              Group
            </th>
            {HEADS.map((head) => (
              <th
                key={head}
                scope="col"
                class={`${head === 'Of its limit' ? 'l' : ''} ${FURTHER.has(head) ? 'opt' : ''}`}
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((item, index) => (
            <GroupRow
              key={item.row.path}
              item={item}
              index={index}
              isActive={index === active}
              onToggle={toggle}
              onFocus={onFocus}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}
