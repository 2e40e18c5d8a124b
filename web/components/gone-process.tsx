import type { PidAnswer } from '../../server/interfaces/http/schemas.ts';
import { gapAskedFor, instantAskedFor } from '../asked.ts';
import { useBeside } from '../beside.ts';
import { formatBytes } from '../lib/bytes.ts';
import type { GapView } from '../lib/gap-text.ts';
import { nothingRecorded } from '../lib/gap-text.ts';
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
  readonly which: keyof typeof SAMPLES;
}

const SAMPLES = { first: 'first sample', last: 'last sample', before: 'sample before' } as const;

/** A life that spans the instant has not ended: nothing was recorded there. */
function edgeOf({ from, to }: Life, asked: number | null): Edge {
  if (asked === null || asked > Date.parse(to)) return { ts: to, which: 'last' };
  if (asked < Date.parse(from)) return { ts: from, which: 'first' };
  return { ts: new Date(asked).toISOString(), which: 'before' };
}

interface Told extends Edge {
  readonly asked: number | null;
  readonly rss: number | null;
  readonly gap: GapView | null;
}

function sentence(pid: number, { ts, which, asked, rss, gap }: Told): string {
  const t = Date.parse(ts);
  if (which === 'before')
    return gap ? nothingRecorded(gap, t) : `No sample of PID ${pid} is of this stretch.`;
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
        {sentence(pid, { ...edge, asked, rss, gap: gapAskedFor(view) })}
        {then ? ` Showing its ${SAMPLES[edge.which]}.` : null}
      </p>
      {then ? <Then process={then.process} /> : null}
      <p class="actions">
        <a class="btn primary" href={linkTo('pid', view, target)}>
          Subtree of its {SAMPLES[edge.which]}
        </a>
        <a class="btn" href={linkTo('plot', view, target)}>
          Plot over time
        </a>
      </p>
    </section>
  );
}
