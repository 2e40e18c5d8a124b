import { useSignal } from '@preact/signals';
import { view } from '../navigation.ts';
import { screen } from '../screen.ts';
import { canonicalView, hrefOf } from '../state.ts';

/** The address of what is seen now: "latest" and "-1h" become the instants that they mean, so that it does not drift. */
function linkToThisMoment(): string {
  const shown = screen.peek();
  const at = shown.state === 'ready' ? canonicalView(view.peek(), shown.answer) : view.peek();
  return new URL(hrefOf(at), location.href).href;
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
        ⧉
      </button>
      <span class="said" role="status">
        {said.value}
      </span>
    </>
  );
}
