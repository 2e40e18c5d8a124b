import { useState } from 'preact/hooks';
import { formatCount } from '../lib/numbers.ts';
import { processName, shorten } from '../lib/process-text.ts';

/** More than some lines push all that follows out of sight. */
const MOST_LETTERS = 320;

interface WholeCommandProps {
  readonly process: { readonly cmd: string | null; readonly comm?: string | null };
}

/** The command of a page's process: the beginning of one that would fill the page, the rest when it is asked for. */
export function WholeCommand({ process }: WholeCommandProps) {
  const [opened, setOpened] = useState<string | null>(null);
  const { text } = processName(process);
  const isOpen = opened === text;
  const letters = [...text].length;
  if (letters <= MOST_LETTERS) return <span class="cmd whole">{text}</span>;
  return (
    <>
      <span class="cmd whole">{isOpen ? text : shorten(text, MOST_LETTERS)}</span>{' '}
      <button
        type="button"
        class="btn quiet"
        aria-expanded={isOpen}
        onClick={() => setOpened(isOpen ? null : text)}
      >
        {isOpen ? 'Show less' : `Show all ${formatCount(letters)} characters`}
      </button>
    </>
  );
}
