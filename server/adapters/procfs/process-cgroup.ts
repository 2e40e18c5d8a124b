/** Which control groups a process is in: cgroups(7), both versions. */

const UNIFIED = /^0::(\/.*)$/m;

export interface ProcessCgroup {
  readonly version: 1 | 2;
  /** In its hierarchy. */
  readonly path: string;
}

/**
 * Of version 1 where the controller is under it, as systemd's hybrid layout has it.
 * @param text of /proc/PID/cgroup
 */
export function parseProcessCgroup(text: string, controller: 'cpu' | 'memory'): ProcessCgroup | null {
  const legacy = new RegExp(`^\\d+:(?:[^:]*,)?${controller}(?:,[^:]*)?:(/.*)$`, 'm').exec(text)?.[1];
  if (legacy !== undefined) return { version: 1, path: legacy };
  const unified = UNIFIED.exec(text)?.[1];
  return unified === undefined ? null : { version: 2, path: unified };
}

/** The group and those above it, up to the root: each may set a limit. */
export function lineage(path: string): readonly string[] {
  const parts = path.split('/').filter(Boolean);
  return parts.map((_, at) => `/${parts.slice(0, parts.length - at).join('/')}`).concat('/');
}
