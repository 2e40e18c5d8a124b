import type { ProcessRow } from '../../server/domain/metrics.ts';
import { displayText } from '../../server/domain/text-notation.ts';
import type { PidAnswer } from '../../server/interfaces/http/schemas.ts';
import { shorten, shortName } from '../lib/process-text.ts';
import type { PageId, View } from '../state.ts';
import { linkTo } from '../state.ts';
import { Moment } from './figures.tsx';

export type Life = PidAnswer['instances'][number];

interface AncestorsProps {
  readonly view: View;
  readonly ts: string;
  readonly ancestors: readonly ProcessRow[];
  readonly process: ProcessRow;
}

/** The way from the root of the tree to this process. */
export function Ancestors({ view, ts, ancestors, process }: AncestorsProps) {
  return (
    <nav class="crumbs" aria-label="Ancestors">
      <ol>
        {ancestors.map((row) => (
          <li key={row.key}>
            <a href={linkTo('pid', view, { pid: row.pid, ts })}>
              {shorten(shortName(row), 24)} <span class="u">{row.pid}</span>
            </a>
          </li>
        ))}
        <li aria-current="page">
          <b>{shorten(shortName(process), 24)}</b> <span class="u">{process.pid}</span>
        </li>
      </ol>
    </nav>
  );
}

interface LivesProps {
  readonly view: View;
  readonly pid: number;
  readonly page: PageId;
  readonly lives: readonly Life[];
  /** The life that is shown. */
  readonly current?: string;
}

/** The lives of a reused PID: each link goes to the last sample of its life. */
export function Lives({ view, pid, page, lives, current }: LivesProps) {
  return (
    <ul class="lives">
      {lives.map(({ key, cmd, from, to }) => (
        <li key={key}>
          <a href={linkTo(page, view, { pid, ts: to })} aria-current={key === current ? 'true' : undefined}>
            <span class="cmd">{shorten(displayText(cmd), 60) || '[no command]'}</span>
          </a>
          <span class="muted when">
            <Moment at={from} /> – <Moment at={to} beside={from} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Only where the PID was used more than once. */
export function OtherLives(props: LivesProps) {
  if (props.lives.length < 2) return null;
  return (
    <details class="gaps" open={props.lives.length <= 4}>
      <summary>
        PID {props.pid} was {props.lives.length} processes
      </summary>
      <Lives {...props} />
    </details>
  );
}
