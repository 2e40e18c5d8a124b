/** The distinct texts of one column of a day, numbered as they come. −1 stands for an unknown text. */
export interface TextIds {
  readonly texts: readonly string[];
  idOf(text: string | null): number;
}

export function openTextIds(): TextIds {
  const ids = new Map<string, number>();
  const texts: string[] = [];
  return {
    texts,
    idOf(text) {
      if (text === null) return -1;
      const known = ids.get(text);
      if (known !== undefined) return known;
      ids.set(text, texts.length);
      texts.push(text);
      return texts.length - 1;
    },
  };
}

/** As `TextIds`, for a column in which most pids show what they showed before: then no text is looked up. */
export interface PidTexts {
  readonly ids: TextIds;
  /** @param slot of the pid */
  idOf(slot: number, text: string | null): number;
}

export function openPidTexts(): PidTexts {
  const ids = openTextIds();
  const last: (string | null)[] = [];
  const lastId: number[] = [];
  return {
    ids,
    idOf(slot, text) {
      // The decoder gives the same string again, so that most comparisons are of one address.
      if (last[slot] === text && slot < last.length) return lastId[slot];
      const id = ids.idOf(text);
      while (last.length <= slot) {
        last.push(null);
        lastId.push(-1);
      }
      last[slot] = text;
      lastId[slot] = id;
      return id;
    },
  };
}
