import { areShortcutsOn, SHORTCUTS, setShortcuts } from '../shortcuts.ts';
import { Term } from './term.tsx';

const TREE_KEYS: readonly { readonly keys: readonly string[]; readonly meaning: string }[] = [
  { keys: ['↑', '↓'], meaning: 'in a tree: walk through the rows' },
  { keys: ['→', '←'], meaning: 'in a tree: open, close, to the parent' },
  { keys: ['Enter'], meaning: 'in a tree: open the process' },
];

function KeyList() {
  return (
    <dl class="keys">
      {[...SHORTCUTS, ...TREE_KEYS].map(({ keys, meaning }) => (
        <div key={meaning}>
          <dt>
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}

const WORDS: readonly (readonly [term: string, meaning: string])[] = [
  [
    'RSS',
    'Pages in RAM, shared ones included. Sums count shared pages more than once: they are upper bounds.',
  ],
  ['PSS', 'Shared pages divided by their sharers: sums are right. Needs the same user or root.'],
  [
    'Subtree',
    'A process and all below it, summed in each sample; its maximum is the largest simultaneous sum.',
  ],
  ['Level', 'Depth in the tree of one sample. Level 0: the parent is not in the sample.'],
  [
    'Watch group',
    'A named set of processes, chosen by rules in each sample anew. A process counts for the first member that it matches.',
  ],
  ['Gap', 'More than three usual spacings without a sample, or a restart. No line is drawn across it.'],
];

function WordList() {
  return (
    <dl class="words">
      {WORDS.map(([term, meaning]) => (
        <div key={term}>
          <dt>
            <Term text={term} />
          </dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}

export function HelpTexts() {
  return (
    <>
      <h2>Keyboard</h2>
      <KeyList />
      <label class="check">
        <input
          type="checkbox"
          checked={areShortcutsOn.value}
          onChange={(event) => setShortcuts(event.currentTarget.checked)}
        />{' '}
        Single-key shortcuts
      </label>
      <h2>Words</h2>
      <WordList />
    </>
  );
}
