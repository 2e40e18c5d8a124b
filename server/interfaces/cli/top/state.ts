import type { TopFigure, TopProcess } from './frame.ts';

/** What a person has chosen in `pmi top`, and what each key makes of it. No terminal is known here. */

export interface TopState {
  /** `subtree`: as a tree; else a list, the largest first. */
  readonly sort: TopFigure;
  /** Keys of processes whose descendants are put away. */
  readonly folded: ReadonlySet<string>;
  readonly filter: string;
  /** Name of the watch group whose processes are kept; `null`: all are. */
  readonly group: string | null;
  /** The filter is being typed. */
  readonly isTyping: boolean;
  /** Key of the process that is pointed at; `null`: the first. */
  readonly cursor: string | null;
  readonly isPaused: boolean;
  readonly isHelp: boolean;
  /** What the sparklines are drawn against: each process's own peak, or the largest of all. */
  readonly scale: 'own' | 'shared';
}

export const FIRST_STATE: TopState = {
  sort: 'subtree',
  folded: new Set(),
  filter: '',
  group: null,
  isTyping: false,
  cursor: null,
  isPaused: false,
  isHelp: false,
  scale: 'own',
};

/** A key as it was pressed: its name (`up`, `q`, `space`), and the text that it writes. */
export interface Key {
  readonly name: string;
  readonly text: string;
  readonly isControl: boolean;
}

/** Whether a process is wanted; `null`: all are. */
function wantedBy({ filter, group }: TopState): ((process: TopProcess) => boolean) | null {
  const needle = filter.toLowerCase();
  if (needle === '' && group === null) return null;
  return ({ pid, user, name, groups }) =>
    (group === null || groups.includes(group)) && `${pid} ${user} ${name}`.toLowerCase().includes(needle);
}

/** Unknown last; ties by pid. */
function bySize(figure: TopFigure): (a: TopProcess, b: TopProcess) => number {
  const size = ({ figures }: TopProcess) => (Number.isNaN(figures[figure]) ? -1 : figures[figure]);
  return (a, b) => size(b) - size(a) || a.pid - b.pid;
}

/** Those that match and all that lead to them. */
function waysTo(
  processes: readonly TopProcess[],
  isWanted: (process: TopProcess) => boolean,
): readonly TopProcess[] {
  const kept = new Set<TopProcess>();
  const path: TopProcess[] = [];
  for (const process of processes) {
    path.length = process.depth;
    path.push(process);
    if (isWanted(process)) for (const one of path) kept.add(one);
  }
  return processes.filter((process) => kept.has(process));
}

function unfolded(processes: readonly TopProcess[], folded: ReadonlySet<string>): readonly TopProcess[] {
  let hiddenBelow = Number.POSITIVE_INFINITY;
  return processes.filter(({ key, depth }) => {
    if (depth > hiddenBelow) return false;
    hiddenBelow = folded.has(key) ? depth : Number.POSITIVE_INFINITY;
    return true;
  });
}

/** The processes that are seen, in order. A filter opens what is folded. */
export function visibleProcesses(processes: readonly TopProcess[], state: TopState): readonly TopProcess[] {
  const isWanted = wantedBy(state);
  if (state.sort !== 'subtree')
    return processes.filter((process) => isWanted?.(process) ?? true).sort(bySize(state.sort));
  return isWanted ? waysTo(processes, isWanted) : unfolded(processes, state.folded);
}

/** Where the cursor is among the visible; where its process has gone, at the first. */
export function cursorIndex(visible: readonly TopProcess[], { cursor }: TopState): number {
  return Math.max(
    0,
    visible.findIndex(({ key }) => key === cursor),
  );
}

/** An open parent is folded; else the cursor goes to the parent. */
function foldOrLeave(state: TopState, visible: readonly TopProcess[], at: number): TopState {
  const process = visible[at];
  if (process.descendants > 0 && !state.folded.has(process.key))
    return { ...state, cursor: process.key, folded: new Set([...state.folded, process.key]) };
  const parent = visible.slice(0, at).findLast(({ depth }) => depth < process.depth);
  return { ...state, cursor: (parent ?? process).key };
}

/** A folded one is opened; else the cursor goes to the first child. */
function openOrEnter(state: TopState, visible: readonly TopProcess[], at: number): TopState {
  const process = visible[at];
  if (state.folded.has(process.key)) {
    const folded = new Set(state.folded);
    folded.delete(process.key);
    return { ...state, cursor: process.key, folded };
  }
  const next = visible[at + 1];
  return { ...state, cursor: next && next.depth > process.depth ? next.key : process.key };
}

const STEPS: Readonly<Record<string, number>> = {
  up: -1,
  k: -1,
  down: 1,
  j: 1,
  pageup: -10,
  pagedown: 10,
  home: Number.NEGATIVE_INFINITY,
  end: Number.POSITIVE_INFINITY,
};

const SORTS: Readonly<Record<string, TopFigure>> = { s: 'subtree', r: 'rss', p: 'pss', w: 'swap' };

function afterMove(state: TopState, name: string, visible: readonly TopProcess[]): TopState {
  const at = cursorIndex(visible, state);
  if (visible.length === 0) return state;
  if (name in STEPS) {
    const to = Math.min(visible.length - 1, Math.max(0, at + STEPS[name]));
    return { ...state, cursor: visible[to].key };
  }
  if (state.sort !== 'subtree' || wantedBy(state)) return state;
  if (name === 'left') return foldOrLeave(state, visible, at);
  return name === 'right' ? openOrEnter(state, visible, at) : state;
}

function afterTyping(state: TopState, { name, text, isControl }: Key): TopState {
  if (name === 'return') return { ...state, isTyping: false };
  if (name === 'escape') return { ...state, isTyping: false, filter: '' };
  if (name === 'backspace') return { ...state, filter: [...state.filter].slice(0, -1).join('') };
  const isText = !isControl && /^[^\p{C}]+$/u.test(text);
  return isText ? { ...state, filter: state.filter + text, cursor: null } : state;
}

const SWITCHES: Readonly<Record<string, (state: TopState) => TopState>> = {
  space: (state) => ({ ...state, isPaused: !state.isPaused }),
  x: (state) => ({ ...state, scale: state.scale === 'own' ? 'shared' : 'own' }),
  '/': (state) => ({ ...state, isTyping: true }),
  '?': (state) => ({ ...state, isHelp: !state.isHelp }),
  escape: (state) => ({ ...state, isHelp: false, filter: '', group: null }),
};

/** The next group; after the last one all processes. */
function nextGroup(group: string | null, names: readonly string[]): string | null {
  return names[group === null ? 0 : names.indexOf(group) + 1] ?? null;
}

/** What a person sees when a key is pressed. */
export interface Seen {
  readonly visible: readonly TopProcess[];
  /** Names of the watch groups. */
  readonly groups: readonly string[];
}

/** @returns the state after a key; `null`: it ends */
export function afterKey(state: TopState, key: Key, { visible, groups }: Seen): TopState | null {
  if (key.isControl) return key.name === 'c' ? null : state;
  if (state.isTyping) return afterTyping(state, key);
  const name = key.name === '' ? key.text : key.name;
  if (name === 'q') return null;
  if (name === 'f') return { ...state, group: nextGroup(state.group, groups), cursor: null };
  if (name in SORTS) return { ...state, sort: SORTS[name], cursor: null };
  return name in SWITCHES ? SWITCHES[name](state) : afterMove(state, name, visible);
}
