/** Flags that the dashboards before this product took without a command, and what does the same here. */
const FORMER: Readonly<Record<string, string>> = {
  '--status': 'pmi status tells the recorder and the server.',
  '--stop':
    'Ctrl-C, or a SIGTERM, ends what runs. pmi service remove ends services, pmi session stop NAME a session.',
  '--interval':
    'pmi up --interval 30s and pmi collect --interval 30s record, pmi serve --live-interval 2s watches.',
  '--no-leak-detection': 'Nothing is judged to be a leak yet, so there is nothing to switch off.',
  '--port':
    'pmi serve --port N serves, pmi up --port N records, too, pmi open --port N opens what is served.',
  '--no-browser': 'pmi open --no-browser prints the address of a page; no other command opens a browser.',
  '--auto-start':
    'pmi open starts a server where none answers; pmi service install records and serves from the start of this user.',
};

/** @returns `null` for any other word */
export function formerFlagText(word: string): string | null {
  const flag = word.split('=', 1)[0];
  const here = Object.hasOwn(FORMER, flag) ? FORMER[flag] : null;
  return here && `${flag} needs a command before it. ${here}`;
}
