import type { ComponentChildren } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

interface PageHeadProps {
  readonly title: string;
  readonly documentTitle?: string;
  readonly children?: ComponentChildren;
}

export const HEADING_ID = 'page-title';

/** The one heading of a page; after a navigation it takes the focus. */
export function PageHead({ title, documentTitle = `${title} · Memory Inspector`, children }: PageHeadProps) {
  useLayoutEffect(() => {
    document.title = documentTitle;
  }, [documentTitle]);
  return (
    <header class="page-head">
      <h1 id={HEADING_ID} tabIndex={-1}>
        {title}
      </h1>
      {children ? <p class="sub">{children}</p> : null}
    </header>
  );
}
