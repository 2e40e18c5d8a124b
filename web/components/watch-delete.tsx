import { useState } from 'preact/hooks';
import { sendChange } from '../api.ts';
import { groupPath } from '../lib/watch-draft.ts';

interface WatchDeleteProps {
  readonly name: string;
  readonly onDeleted: () => void;
}

/** Deletes a group when that has been said twice. What was recorded stays. */
export function WatchDelete({ name, onDeleted }: WatchDeleteProps) {
  const [isAsked, setIsAsked] = useState(false);
  const [trouble, setTrouble] = useState('');
  const remove = async () => {
    const outcome = await sendChange('DELETE', groupPath(name));
    if (outcome.kind === 'answer') onDeleted();
    else setTrouble(outcome.kind === 'problem' ? outcome.problem.title : 'The server does not answer.');
  };
  if (!isAsked)
    return (
      <button type="button" class="btn quiet" onClick={() => setIsAsked(true)}>
        Delete …
      </button>
    );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields; these are buttons in a sentence
    <span class="member-buttons" role="group" aria-label={`Delete ${name}`}>
      <span role="status">{trouble || `Delete ${name}? Nothing that was recorded goes.`}</span>
      <button type="button" class="btn hurt" onClick={() => void remove()}>
        Delete
      </button>
      <button type="button" class="btn" onClick={() => setIsAsked(false)}>
        Keep
      </button>
    </span>
  );
}
