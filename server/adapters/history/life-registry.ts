import type { Life } from '../../application/ports.ts';

/** The lives of one host. Ids are shared by all hosts, so that a row names its life by one number. */
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
  ofKey(key: string): Life | null;
  ofId(id: number): Life;
  /** Forgets every life with a weak identity, before they are told apart anew. */
  forgetWeak(): void;
}

interface Indices {
  readonly byKey: Map<string, MutableLife>;
  readonly byPid: Map<number, MutableLife[]>;
  /** Forgotten lives stay: a question that began before may still name them. */
  readonly byId: Map<number, MutableLife>;
  /** Ids of forgotten lives by key: one that turns out to be a life after all is the same again. */
  readonly forgotten: Map<string, number>;
}

function add({ byKey, byPid, byId }: Indices, id: number, sighting: LifeSighting): MutableLife {
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
  byKey.set(key, life);
  byId.set(id, life);
  const lives = byPid.get(pid);
  if (lives) lives.push(life);
  else byPid.set(pid, [life]);
  return life;
}

function forget({ byKey, byPid, forgotten }: Indices, life: MutableLife): void {
  byKey.delete(life.key);
  forgotten.set(life.key, life.id);
  byPid.set(
    life.pid,
    (byPid.get(life.pid) ?? []).filter((one) => one !== life),
  );
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

export function openLifeRegistry(nextId: () => number): LifeRegistry {
  const indices: Indices = {
    byKey: new Map(),
    byPid: new Map(),
    byId: new Map(),
    forgotten: new Map(),
  };
  return {
    see(sighting) {
      const { key } = sighting;
      const life = indices.byKey.get(key) ?? add(indices, indices.forgotten.get(key) ?? nextId(), sighting);
      extend(life, sighting);
      return life.id;
    },
    ofPid: (pid) => [...(indices.byPid.get(pid) ?? [])].sort((a, b) => a.firstSeen - b.firstSeen),
    ofKey: (key) => indices.byKey.get(key) ?? null,
    ofId(id) {
      const life = indices.byId.get(id);
      if (!life) throw new RangeError(`no life ${id}`);
      return life;
    },
    forgetWeak() {
      for (const life of [...indices.byKey.values()]) if (life.weak) forget(indices, life);
    },
  };
}

function startOf({ t, lifetimeSeconds }: LifeSighting): number {
  return Math.round(t - lifetimeSeconds * 1000);
}
