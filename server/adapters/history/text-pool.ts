/** Every distinct text once; rows hold its number. `NaN` stands for an unknown text. */
export interface TextPool {
  idOf(text: string | null): number;
  textOf(id: number | null): string | null;
  /** By number. */
  all(): readonly string[];
}

export function openTextPool(): TextPool {
  const ids = new Map<string, number>();
  const texts: string[] = [];
  return {
    idOf(text) {
      if (text === null) return Number.NaN;
      const known = ids.get(text);
      if (known !== undefined) return known;
      ids.set(text, texts.length);
      texts.push(text);
      return texts.length - 1;
    },
    all: () => texts,
    textOf: (id) => (id === null || Number.isNaN(id) ? null : texts[id]),
  };
}
