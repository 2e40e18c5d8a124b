import { useSignal } from '@preact/signals';
import { latestView, standingView } from '../following.ts';
import { hrefOf } from '../state.ts';
import { Popover } from './popover.tsx';

/** What a link can be to. */
const LINKS = {
  moment: { label: 'Copy link to this moment', key: 'c', view: standingView },
  latest: { label: 'Copy link to the latest', key: 'Shift+C', view: latestView },
} as const;

type LinkKind = keyof typeof LINKS;

/** Two links of a chain. */
function LinkSign() {
  return (
    <>
      <span class="sr-only">Copy link</span>
      <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
        <path
          d="M5.8 8.2a2.4 2.4 0 0 0 3.4 0l2.1-2.1a2.4 2.4 0 0 0-3.4-3.4l-.8.8M8.2 5.8a2.4 2.4 0 0 0-3.4 0L2.7 7.9a2.4 2.4 0 0 0 3.4 3.4l.8-.8"
          fill="none"
          stroke="currentColor"
          stroke-width="1.4"
          stroke-linecap="round"
        />
      </svg>
    </>
  );
}

const SHOWN_MS = 2500;

interface ChoiceProps {
  readonly of: LinkKind;
  readonly onChoose: (of: LinkKind) => Promise<void>;
}

function LinkChoice({ of, onChoose }: ChoiceProps) {
  const { label, key } = LINKS[of];
  const choose = ({ currentTarget }: Event) => {
    const menu = currentTarget instanceof Element ? currentTarget.closest('details') : null;
    if (menu?.open) {
      menu.open = false;
      menu.querySelector('summary')?.focus();
    }
    void onChoose(of);
  };
  return (
    <p>
      <button type="button" class="btn quiet" onClick={choose} aria-keyshortcuts={key} data-copy-link={of}>
        {label}
      </button>
    </p>
  );
}

export function CopyLink() {
  const said = useSignal('');
  const copy = async (of: LinkKind) => {
    const link = new URL(hrefOf(LINKS[of].view()), location.href).href;
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
    <div class="copy-link">
      <Popover label={<LinkSign />} title="Copy link" side="end">
        <LinkChoice of="moment" onChoose={copy} />
        <LinkChoice of="latest" onChoose={copy} />
      </Popover>
      <span class="said" role="status">
        {said.value}
      </span>
    </div>
  );
}
