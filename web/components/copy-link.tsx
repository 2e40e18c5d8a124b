import { useSignal } from '@preact/signals';
import { standingView } from '../following.ts';
import { hrefOf } from '../state.ts';

function linkToThisMoment(): string {
  return new URL(hrefOf(standingView()), location.href).href;
}

/** Two links of a chain. */
function LinkSign() {
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      <path
        d="M5.8 8.2a2.4 2.4 0 0 0 3.4 0l2.1-2.1a2.4 2.4 0 0 0-3.4-3.4l-.8.8M8.2 5.8a2.4 2.4 0 0 0-3.4 0L2.7 7.9a2.4 2.4 0 0 0 3.4 3.4l.8-.8"
        fill="none"
        stroke="currentColor"
        stroke-width="1.4"
        stroke-linecap="round"
      />
    </svg>
  );
}

const SHOWN_MS = 2500;

export function CopyLink() {
  const said = useSignal('');
  const copy = async () => {
    const link = linkToThisMoment();
    try {
      await navigator.clipboard.writeText(link);
      said.value = 'Link copied';
    } catch {
      // Without permission the address bar is where links are copied from.
      history.replaceState(history.state, '', link);
      said.value = 'The link is in the address bar';
    }
    setTimeout(() => {
      said.value = '';
    }, SHOWN_MS);
  };
  return (
    <>
      <button
        type="button"
        class="btn icon"
        onClick={() => void copy()}
        aria-label="Copy link to this moment"
        aria-keyshortcuts="c"
        title="Copy link to this moment"
        data-copy-link=""
      >
        <LinkSign />
      </button>
      <span class="said" role="status">
        {said.value}
      </span>
    </>
  );
}
