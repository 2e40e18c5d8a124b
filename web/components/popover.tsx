import type { ComponentChildren } from 'preact';

/** A button that opens something small beside it; it closes by Escape, and when it is left. */

interface PopoverProps {
  readonly label: ComponentChildren;
  readonly title?: string;
  /** On which side it lies. */
  readonly side?: 'start' | 'end';
  /** A hand or the focus comes near: what will be shown can be fetched. */
  readonly onNear?: () => void;
  readonly onOpen?: () => void;
  readonly children: ComponentChildren;
}

function closeOnEscape(event: KeyboardEvent): void {
  const { currentTarget } = event;
  if (event.key !== 'Escape' || !(currentTarget instanceof HTMLDetailsElement)) return;
  currentTarget.open = false;
  currentTarget.querySelector('summary')?.focus();
}

/** By keyboard or by a click elsewhere; not when the whole window loses the focus. */
function closeWhenLeft(event: FocusEvent): void {
  const { currentTarget, relatedTarget } = event;
  if (!(currentTarget instanceof HTMLDetailsElement) || !document.hasFocus()) return;
  const staysInside = relatedTarget instanceof Node && currentTarget.contains(relatedTarget);
  if (!staysInside) currentTarget.open = false;
}

export function Popover({ label, title, side = 'start', onNear, onOpen, children }: PopoverProps) {
  const onToggle = (event: Event) => {
    if (event.currentTarget instanceof HTMLDetailsElement && event.currentTarget.open) onOpen?.();
  };
  return (
    <details class="picker" onToggle={onToggle} onKeyDown={closeOnEscape} onFocusOut={closeWhenLeft}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a summary is a button */}
      <summary class="btn" title={title} onPointerEnter={onNear} onFocus={onNear}>
        {label}
      </summary>
      <div class="pop" data-side={side} tabIndex={-1}>
        {children}
      </div>
    </details>
  );
}
