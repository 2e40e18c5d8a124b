import type { ComponentChildren } from 'preact';

interface ScrollFrameProps {
  /** Of what is in it. */
  readonly label: string;
  readonly children: ComponentChildren;
}

/** A table without links in it, that may be wider than the page. */
export function ScrollFrame({ label, children }: ScrollFrameProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by the keyboard, too (WCAG 2.1.1)
    <section class="table-frame" tabIndex={0} aria-label={`${label}, to scroll`}>
      {children}
    </section>
  );
}
