import { useEffect, useRef } from 'preact/hooks';
import { isHelpOpen } from '../shortcuts.ts';
import { openLater } from './later.tsx';

const texts = openLater(async () => (await import('./help-texts.tsx')).HelpTexts);

export function HelpButton() {
  const open = () => {
    isHelpOpen.value = true;
  };
  return (
    <button
      type="button"
      class="btn icon"
      onPointerEnter={texts.bring}
      onFocus={texts.bring}
      onClick={open}
      aria-label="Keyboard and help"
      title="Keyboard and help (?)"
    >
      ?
    </button>
  );
}

export function HelpDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = isHelpOpen.value;
  useEffect(() => {
    if (isOpen && !dialog.current?.open) dialog.current?.showModal();
  }, [isOpen]);
  const onClose = () => {
    isHelpOpen.value = false;
  };
  return (
    <dialog ref={dialog} class="help" aria-label="Keyboard and help" onClose={onClose}>
      {isOpen ? <texts.Part /> : null}
      <form method="dialog">
        <button type="submit" class="btn primary">
          Close
        </button>
      </form>
    </dialog>
  );
}
