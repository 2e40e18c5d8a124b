import type { Life } from '../../application/ports.ts';

/** The lives of one host's tail. Ids are numbers of LifeNames, shared by all hosts and segments. */
export interface LifeSighting {
  readonly key: string;
  readonly pid: number;
  readonly weak: boolean;
  readonly t: number;
  readonly lifetimeSeconds: number;
  readonly cmd: string | null;
}

type MutableLife = { -readonly [Field in keyof Life]: Life[Field] };

export interface LifeRegistry {
  /** Takes note that a life was seen at `t`, in any order of time. @returns its id */
  see(sighting: LifeSighting): number;
  ofPid(pid: number): readonly Life[];
  /** `null` where the tail does not hold it, also where it was told apart anew meanwhile. */
  ofId(id: number): Life | null;
  has(id: number): boolean;
  all(): Iterable<Life>;
  /** Forgets every life with a weak identity, before they are told apart anew. */
  forgetWeak(): void;
  /** Forgets lives that were last seen before `t`: segments hold them. */
  forgetBefore(t: number): void;
}

interface Indices {
  readonly byId: Map<number, MutableLife>;
  readonly byPid: Map<number, MutableLife[]>;
}

function add({ byPid, byId }: Indices, id: number, sighting: LifeSighting): MutableLife {
  const { key, pid, weak, t, cmd } = sighting;
  const life: MutableLife = {
    id,
    key,
    pid,
    weak,
    firstSeen: t,
    lastSeen: t,
    started: startOf(sighting),
    cmd,
  };
  byId.set(id, life);
  const lives = byPid.get(pid);
  if (lives) lives.push(life);
  else byPid.set(pid, [life]);
  return life;
}

function forget({ byId, byPid }: Indices, life: MutableLife): void {
  byId.delete(life.id);
  const others = (byPid.get(life.pid) ?? []).filter((one) => one !== life);
  if (others.length > 0) byPid.set(life.pid, others);
  else byPid.delete(life.pid);
}

function extend(life: MutableLife, sighting: LifeSighting): void {
  if (sighting.t < life.firstSeen) {
    life.firstSeen = sighting.t;
    life.started = startOf(sighting);
  }
  if (sighting.t >= life.lastSeen) {
    life.lastSeen = sighting.t;
    life.cmd = sighting.cmd;
  }
}

export function openLifeRegistry(idOf: (key: string) => number): LifeRegistry {
  const indices: Indices = { byPid: new Map(), byId: new Map() };

  function forgetAll(isForgotten: (life: Life) => boolean): void {
    for (const life of [...indices.byId.values()]) if (isForgotten(life)) forget(indices, life);
  }

  return {
    see(sighting) {
      const id = idOf(sighting.key);
      extend(indices.byId.get(id) ?? add(indices, id, sighting), sighting);
      return id;
    },
    ofPid: (pid) => [...(indices.byPid.get(pid) ?? [])].sort((a, b) => a.firstSeen - b.firstSeen),
    ofId: (id) => indices.byId.get(id) ?? null,
    has: (id) => indices.byId.has(id),
    all: () => indices.byId.values(),
    forgetWeak: () => forgetAll(({ weak }) => weak),
    forgetBefore: (t) => forgetAll(({ lastSeen }) => lastSeen < t),
  };
}

function startOf({ t, lifetimeSeconds }: LifeSighting): number {
  return Math.round(t - lifetimeSeconds * 1000);
}
