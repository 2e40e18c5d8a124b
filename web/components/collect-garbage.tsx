import { useSignal } from '@preact/signals';
import { garbageText } from '../../server/domain/own-memory.ts';
import type { GarbageAnswer } from '../../server/interfaces/http/schemas/status.ts';
import { sendChange } from '../api.ts';
import { failureText } from '../lib/failure-text.ts';

const OF_WHOM =
  'Of the server itself. The memory of other processes cannot be collected from outside: only a program knows what it no longer needs.';

/** Collects the server's own garbage, and says what that has freed. */
export function CollectGarbage() {
  const said = useSignal('');
  const isBusy = useSignal(false);
  const collect = async () => {
    isBusy.value = true;
    const outcome = await sendChange<GarbageAnswer>('POST', '/api/v1/self/gc');
    isBusy.value = false;
    said.value = outcome.kind === 'answer' ? garbageText(outcome.answer) : failureText(outcome);
  };
  return (
    <p>
      <button
        type="button"
        class="btn"
        title={OF_WHOM}
        disabled={isBusy.value}
        onClick={() => void collect()}
      >
        {isBusy.value ? 'Collecting…' : 'Collect garbage'}
      </button>{' '}
      <span class="muted" role="status">
        {said.value}
      </span>
    </p>
  );
}
