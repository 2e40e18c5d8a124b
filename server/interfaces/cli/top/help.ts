/** What `?` shows, and `pmi top --help` lists: the keys, and what the columns mean. */
export const TOP_KEYS: readonly (readonly [string, string])[] = [
  ['s', 'a tree, the heaviest subtree first'],
  ['r p w', 'a list by RSS, PSS or swap'],
  ['↑ ↓ j k', 'the process before, the next one; Page, Home, End'],
  ['← →', 'fold and open what is below a process'],
  ['/', 'keep what holds a text: command, user, PID; Enter ends, Esc takes it away'],
  ['f', 'keep a watch group, then the next one, then all again'],
  ['x', "trend against each process's own peak, or the largest of all"],
  ['Space', 'pause, and go on'],
  ['?', 'this help, and back'],
  ['q', 'quit; so does Ctrl-C'],
];

export const HELP_LINES: readonly string[] = [
  ...TOP_KEYS.map(([keys, meaning]) => `  ${keys.padEnd(9)} ${meaning}`),
  '',
  '  SUBTREE   RSS of a process and all below it: pages that they share count once for each.',
  '  PSS       shared pages divided by their sharers; read in turns: up to five minutes old.',
  '  TREND     the last ten samples; of its peak: low is below 50 %, mid below 80 %, high above.',
];
