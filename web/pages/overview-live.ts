import { useEffect, useMemo } from 'preact/hooks';
import type { OverviewAnswer } from '../../server/interfaces/http/schemas/overview.ts';
import { isFollowing } from '../about-view.ts';
import type { Drawn } from '../components/use-drawn-series.ts';
import { useDrawnSeries } from '../components/use-drawn-series.ts';
import { extendOverview } from '../lib/extend-overview.ts';
import { watchLive } from '../live-feed.ts';
import { isRecent, machine } from '../machine.ts';
import type { OverviewProps } from './overview-frame.ts';

/** While the overview's range ends at now, its charts go on between two samples of the recording. */

/** A point that would be less than a pixel further on is not worth drawing. */
const PX = 600;

/** What the charts of the overview draw. */
export function useLiveAnswer({
  view,
  answer,
}: OverviewProps): Pick<Drawn, 'hand'> & { answer: OverviewAnswer } {
  const { from, to } = answer.coverage;
  const isOn = isFollowing(view) && isRecent(Date.now() - Date.parse(to));
  useEffect(() => (isOn ? watchLive() : undefined), [isOn]);
  const spacing = machine.value?.spacingMs ?? answer.step_ms ?? 0;
  const seconds = Math.ceil((Date.parse(to) - Date.parse(from)) / 1000 / PX);
  const { series, hand } = useDrawnSeries(Math.max(1, seconds) * 1000);
  const shown = useMemo(
    () => (isOn ? extendOverview(answer, series, spacing) : answer),
    [answer, series, isOn, spacing],
  );
  return { answer: shown, hand };
}
