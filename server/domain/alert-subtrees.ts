/** One sample's processes; parallel arrays. */
export interface ProcessParents {
  readonly pid: ArrayLike<number>;
  readonly ppid: ArrayLike<number>;
}

/** Of each row the row of the topmost top above it, itself included; −1 where there is none. Loops end. */
export function topmostRows({ pid, ppid }: ProcessParents, isTop: (row: number) => boolean): Int32Array {
  const rowOf = new Map(Array.from(pid, (one, row) => [one, row]));
  return Int32Array.from(pid, (_, row) => {
    let top = -1;
    let at: number | undefined = row;
    for (let steps = 0; at !== undefined && steps < pid.length; steps++, at = rowOf.get(ppid[at]))
      if (isTop(at)) top = at;
    return top;
  });
}
