import { useSignal } from '@preact/signals';
import { sendChange } from '../api.ts';
import { askHealth } from '../health.ts';
import { failureText } from '../lib/failure-text.ts';
import { refresh } from '../screen.ts';

/** Ends a session that records, or says why it cannot. */
interface StopProps {
  readonly name: string;
  /** Where the name stands beside it. */
  readonly isShort?: boolean;
}

export function StopButton({ name, isShort = false }: StopProps) {
  const said = useSignal('');
  const isBusy = useSignal(false);
  const stop = async () => {
    isBusy.value = true;
    const outcome = await sendChange('POST', `/api/v1/sessions/${name}/stop`);
    isBusy.value = false;
    said.value = outcome.kind === 'answer' ? '' : failureText(outcome);
    refresh();
    void askHealth();
  };
  return (
    <>
      <button
        type="button"
        class="btn"
        aria-label={`Stop ${name}`}
        disabled={isBusy.value}
        onClick={() => void stop()}
      >
        {isBusy.value ? 'Stopping…' : isShort ? 'Stop' : `Stop ${name}`}
      </button>{' '}
      <span class="hurting" role="status">
        {said.value}
      </span>
    </>
  );
}
