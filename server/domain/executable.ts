/**
 * The program that a process runs, as far as its command tells: the base name of the first word, without the `-` of
 * login shells and the `:` of titles such as `postgres: checkpointer`. Kernel threads have no command: their name.
 * `null` where nothing is known.
 */
export function executableOf(cmd: string | null, comm: string | null): string | null {
  if (!cmd) return comm;
  const space = cmd.indexOf(' ');
  const word = space < 0 ? cmd : cmd.slice(0, space);
  const name = word.slice(word.lastIndexOf('/') + 1);
  const start = name.startsWith('-') ? 1 : 0;
  return name.slice(start, name.endsWith(':') ? -1 : undefined) || comm;
}

/**
 * The program with its script, where an interpreter runs one: `python3 train.py`. Its second word, but for options and
 * titles such as `postgres: checkpointer`.
 */
export function programOf(cmd: string | null, comm: string | null): string | null {
  const executable = executableOf(cmd, comm);
  const [first = '', second = ''] = cmd?.split(' ', 2) ?? [];
  const isScript = second !== '' && !second.startsWith('-') && !first.endsWith(':');
  return isScript ? `${executable} ${second.slice(second.lastIndexOf('/') + 1)}` : executable;
}
