import { liveHref } from '../live-choice.ts';
import type { View } from '../state.ts';
import { linkTo } from '../state.ts';

/** The live side: this host now, the processes that are watched, recordings for a while. */
export function LiveTabs({ view }: { readonly view: View }) {
  const tabs = [
    { page: 'live', label: 'Now', href: liveHref(view) },
    { page: 'watch', label: 'Watch groups', href: linkTo('watch', view) },
    { page: 'sessions', label: 'Sessions', href: linkTo('sessions', view) },
  ];
  return (
    <nav class="tabs" aria-label="Live">
      {tabs.map(({ page, label, href }) => (
        <a key={page} href={href} aria-current={page === view.page ? 'page' : undefined}>
          {label}
        </a>
      ))}
    </nav>
  );
}
