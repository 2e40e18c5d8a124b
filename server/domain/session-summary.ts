import { executableOf } from './executable.ts';
import { bootPrefix, strongKey } from './process-key.ts';
import type { ProcessTable, Sample } from './sample.ts';
import type { OpenFigures, SessionFigures } from './session-figures.ts';
import { openFigures } from './session-figures.ts';
import type { ProcessSum, SessionSample } from './session-sample.ts';
import { plus } from './session-sample.ts';
import type { WatchGroup } from './watch-group.ts';

/** What a session held: the host, a watch group, each program and each life of a process, over all of its samples. */

/** Several processes as one: over the samples in which there was one. */
export interface SessionPart {
  readonly name: string;
  /** The most at once: RSS of several processes counts shared pages once for each. */
  readonly processes: number;
  /** RSS; `null`: no process in any sample. */
  readonly figures: SessionFigures | null;
  /** Over the samples in which it was read of each of them; `null`: in none. */
  readonly pss: SessionFigures | null;
}

export interface SessionLife {
  readonly key: string;
  readonly pid: number;
  /** As last seen, dump notation. */
  readonly cmd: string | null;
  readonly comm: string | null;
  readonly user: string | null;
  readonly figures: SessionFigures;
  readonly pss: SessionFigures | null;
}

export interface SessionSummary {
  /** Used memory of the host; `null`: unknown in all samples. */
  readonly used: SessionFigures | null;
  /** The watch group, each process once, and its members in order. */
  readonly group: { readonly total: SessionPart; readonly members: readonly SessionPart[] } | null;
  /** The most processes at once that several members match. */
  readonly ambiguous: number;
  /** By peak. */
  readonly programs: readonly SessionPart[];
  readonly lives: readonly SessionLife[];
}

export interface OpenSummary {
  /** In order of time. `measured`: the same sample. */
  add(sample: Sample, measured: SessionSample): void;
  read(): SessionSummary;
}

interface OpenPart {
  readonly figures: OpenFigures;
  readonly pss: OpenFigures;
  processes: number;
}

interface OpenLife {
  readonly key: string;
  readonly pid: number;
  readonly figures: OpenFigures;
  readonly pss: OpenFigures;
  cmd: string | null;
  comm: string | null;
  user: string | null;
}

function openPart(): OpenPart {
  return { figures: openFigures(), pss: openFigures(), processes: 0 };
}

function addToPart(part: OpenPart, t: number, { processes, rss, pss }: ProcessSum): void {
  part.figures.add(t, rss);
  part.pss.add(t, pss);
  part.processes = Math.max(part.processes, processes);
}

function openLife(key: string, pid: number): OpenLife {
  return { key, pid, figures: openFigures(), pss: openFigures(), cmd: null, comm: null, user: null };
}

function readPart(name: string, { figures, pss, processes }: OpenPart): SessionPart {
  return { name, processes, figures: figures.read(), pss: pss.read() };
}

interface HasFigures {
  readonly figures: SessionFigures | null;
}

/** The largest peak first; ties by name or key. */
export function byPeak<Item extends HasFigures>(nameOf: (item: Item) => string) {
  return (a: Item, b: Item) =>
    (b.figures?.max ?? 0) - (a.figures?.max ?? 0) || (nameOf(a) < nameOf(b) ? -1 : 1);
}

const NAMELESS = '(unknown)';

function addPrograms(
  programs: Map<string, OpenPart>,
  t: number,
  { count, numbers, texts }: ProcessTable,
): void {
  const sums = new Map<string, ProcessSum>();
  for (let row = 0; row < count; row++) {
    const name = executableOf(texts.cmd[row], texts.comm[row]) ?? NAMELESS;
    sums.set(name, plus(sums.get(name), numbers.rss_bytes[row], numbers.pss_bytes[row]));
  }
  for (const [name, sum] of sums) {
    const part = programs.get(name) ?? openPart();
    programs.set(name, part);
    addToPart(part, t, sum);
  }
}

function addLives(
  lives: Map<string, OpenLife>,
  { host, bootId, t }: Sample['system'],
  table: ProcessTable,
): void {
  const { numbers, texts } = table;
  const prefix = bootPrefix(host, bootId);
  for (let row = 0; row < table.count; row++) {
    const pid = numbers.pid[row];
    const key = strongKey(prefix, pid, numbers.start_ticks[row]);
    const life = lives.get(key) ?? openLife(key, pid);
    lives.set(key, life);
    life.figures.add(t, numbers.rss_bytes[row]);
    life.pss.add(t, plus(undefined, numbers.rss_bytes[row], numbers.pss_bytes[row]).pss);
    life.cmd = texts.cmd[row];
    life.comm = texts.comm[row];
    life.user = texts.user[row];
  }
}

function readLives(lives: Iterable<OpenLife>): SessionLife[] {
  return [...lives].flatMap((life) => {
    const figures = life.figures.read();
    return figures === null ? [] : [{ ...life, figures, pss: life.pss.read() }];
  });
}

/** Sessions are recorded with start times: each row is of a life that its sample alone tells. */
export function openSummary(group: WatchGroup | null): OpenSummary {
  const used = openFigures();
  const total = openPart();
  const members = (group?.members ?? []).map(openPart);
  const programs = new Map<string, OpenPart>();
  const lives = new Map<string, OpenLife>();
  let ambiguous = 0;
  return {
    add({ system, processes }, measured) {
      const { t } = measured;
      used.add(t, measured.used);
      if (measured.total) addToPart(total, t, measured.total);
      for (const [at, sum] of measured.members.entries()) addToPart(members[at], t, sum);
      ambiguous = Math.max(ambiguous, measured.ambiguous);
      if (!processes) return;
      addPrograms(programs, t, processes);
      addLives(lives, system, processes);
    },
    read: () => ({
      used: used.read(),
      group: group && {
        total: readPart(group.name, total),
        members: group.members.map(({ name }, at) => readPart(name, members[at])),
      },
      ambiguous,
      programs: [...programs].map(([name, part]) => readPart(name, part)).sort(byPeak(({ name }) => name)),
      lives: readLives(lives.values()).sort(byPeak(({ key }) => key)),
    }),
  };
}
