import { machine } from '../machine.ts';
import type { View } from '../state.ts';
import { changeView, hrefOf, linkTo } from '../state.ts';
import { Popover } from './popover.tsx';

/** Another host has other instants and other processes. */
function hrefOfHost(view: View, host: string): string {
  const changes = { host, ts: null, base: null };
  return view.page === 'pid' ? linkTo('snapshot', view, changes) : hrefOf(changeView(view, changes));
}

/** Which of several recorded hosts is shown, and the way to the others; nothing where there is one. */
export function HostChoice({ view }: { readonly view: View }) {
  const known = machine.value;
  if (!known || known.hosts.length < 2) return null;
  return (
    <nav aria-label="Recorded host">
      <Popover label={known.host} title="Recorded host">
        <ul class="presets">
          {known.hosts.map((host) => (
            <li key={host}>
              <a href={hrefOfHost(view, host)} aria-current={host === known.host ? 'true' : undefined}>
                {host}
              </a>
            </li>
          ))}
        </ul>
      </Popover>
    </nav>
  );
}
