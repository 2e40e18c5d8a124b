/**
 * Names made by people as parts of fields' names: none is another's, the first of two keeps its own.
 * @param alike what two names have in common that are the same; default whatever the case, as query engines have it
 */
export function distinctNames(
  names: readonly string[],
  alike: (name: string) => string = (name) => name.toLowerCase(),
): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let told = name;
    for (let count = 2; taken.has(alike(told)); count++) told = `${name}_${count}`;
    taken.add(alike(told));
    return told;
  });
}
