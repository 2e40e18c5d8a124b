import type { ComponentChildren } from 'preact';
import type { LivePoint } from '../../server/domain/live-point.ts';
import { isAtNow } from '../lib/live-window.ts';
import type { Span } from '../lib/series.ts';
import type { View } from '../state.ts';
import { Moment } from './figures.tsx';
import { GroupChoice, MarkButton, PaceChoice, PauseButtons, WindowChoice } from './live-controls.tsx';
import { ResolutionPicker } from './resolution-picker.tsx';

interface ToolbarProps {
  readonly view: View;
  readonly span: Span;
  readonly newest: LivePoint;
  /** At its end. */
  readonly children?: ComponentChildren;
}

/** What stands still says so, with its instants. */
function Standing({ view, span }: ToolbarProps) {
  if (isAtNow(view.params)) return null;
  return (
    <p class="note" role="status">
      This stands still: <Moment at={span.from} /> – <Moment at={span.to} beside={span.from} />.
    </p>
  );
}

export function LiveToolbar(props: ToolbarProps) {
  const { view, span, newest, children } = props;
  return (
    <>
      <div class="toolbar">
        <GroupChoice view={view} names={newest.groups.map(({ name }) => name)} />
        <WindowChoice view={view} />
        <PaceChoice view={view} />
        <ResolutionPicker view={view} told={null} />
        <PauseButtons view={view} span={span} newest={newest.t} />
        <MarkButton view={view} newest={newest.t} />
        <span class="grow" />
        {children}
      </div>
      <Standing {...props} />
    </>
  );
}
