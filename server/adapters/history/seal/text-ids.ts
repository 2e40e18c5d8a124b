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
