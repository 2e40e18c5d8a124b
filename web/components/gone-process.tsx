import type { PidAnswer } from '../../server/interfaces/http/schemas.ts';
import { instantAskedFor } from '../asked.ts';
import { useBeside } from '../beside.ts';
import { formatBytes } from '../lib/bytes.ts';
import { formatMomentBeside } from '../lib/time.ts';
import type { View } from '../state.ts';
import { linkTo } from '../state.ts';
import { Bytes, Duration, Figures } from './figures.tsx';
import type { Life } from './process-links.tsx';
import { WholeCommand } from './whole-command.tsx';

/** A process that does not live at the instant that was asked for: what is known of it next to that instant. */

interface GoneProps {
  readonly view: View;
  readonly pid: number;
  /** Its life that is nearest to the instant. */
  readonly nearest: Life;
}

interface Edge {
  readonly ts: string;
  readonly which: 'first' | 'last';
}

function edgeOf({ from, to }: Life, asked: number | null): Edge {
  const isEarly = asked !== null && asked < Date.parse(from);
  return isEarly ? { ts: from, which: 'first' } : { ts: to, which: 'last' };
}

function sentence(pid: number, { ts, which }: Edge, asked: number | null, rss: number | null): string {
  const t = Date.parse(ts);
  const verb = which === 'first' ? 'was first seen' : 'exited';
  const size = rss === null ? '' : ` (${which} ${formatBytes(rss)})`;
  return `PID ${pid} ${verb} at ${formatMomentBeside(t, asked ?? t)}${size}.`;
}

function Then({ process }: Pick<PidAnswer, 'process'>) {
  return (
    <>
      <p>
        <WholeCommand process={process} />
      </p>
      <Figures
        figures={[
          { label: 'RSS', value: <Bytes value={process.rss_bytes} /> },
          { label: 'Subtree', value: <Bytes value={process.subtree_rss_bytes} /> },
          { label: 'Lifetime', value: <Duration seconds={process.lifetime_seconds} /> },
        ]}
      />
    </>
  );
}

export function GoneProcess({ view, pid, nearest }: GoneProps) {
  const asked = instantAskedFor(view);
  const edge = edgeOf(nearest, asked);
  const query = new URLSearchParams({ key: nearest.key, ts: edge.ts, limit: '1', format: 'json' });
  if (view.params.host) query.set('host', view.params.host);
  const then = useBeside<PidAnswer>(`/api/v1/snapshot/pid?${query}`);
  const rss = then?.process.rss_bytes ?? null;
  const target = { pid, key: nearest.key, ts: edge.ts, from: null, to: null };
  return (
    <section class="gone">
      <p>
        {sentence(pid, edge, asked, rss)}
        {then ? ` Showing its ${edge.which} sample.` : null}
      </p>
      {then ? <Then process={then.process} /> : null}
      <p class="actions">
        <a class="btn primary" href={linkTo('pid', view, target)}>
          Subtree of its {edge.which} sample
        </a>
        <a class="btn" href={linkTo('plot', view, target)}>
          Plot over time
        </a>
      </p>
    </section>
  );
}
