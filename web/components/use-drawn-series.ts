import { effect } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { LiveSeries } from '../lib/live-series.ts';
import { liveSeries } from '../live-feed.ts';

/** The live series as a page draws it: not oftener than it is asked to, not out of sight, not under a hand. */

/** Points come a little early and late. */
const JITTER_MS = 100;
/** Who reads a value under the pointer, or drags a stretch, is not disturbed; a mouse that was left there is no reader. */
const READING_MS = 2000;

export interface Drawn {
  readonly series: LiveSeries;
  /** On what is not to change under a hand. */
  readonly hand: { readonly onPointerMove: () => void; readonly onPointerDown: () => void };
}

export function useDrawnSeries(everyMs: number): Drawn {
  const [series, setSeries] = useState(() => liveSeries.peek());
  const readUntil = useRef(0);
  const isHeld = useRef(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let drawnAt = Number.NEGATIVE_INFINITY;
    const drawAt = (at: number) => {
      clearTimeout(timer);
      timer = setTimeout(draw, Math.max(0, at - performance.now()));
    };
    const draw = () => {
      if (document.hidden || isHeld.current) return;
      if (performance.now() < readUntil.current) return drawAt(readUntil.current);
      drawnAt = performance.now();
      setSeries(liveSeries.peek());
    };
    const stop = effect(() => {
      if (liveSeries.value) drawAt(drawnAt + everyMs - JITTER_MS);
    });
    const release = () => {
      isHeld.current = false;
      draw();
    };
    addEventListener('pointerup', release);
    document.addEventListener('visibilitychange', draw);
    return () => {
      stop();
      clearTimeout(timer);
      removeEventListener('pointerup', release);
      document.removeEventListener('visibilitychange', draw);
    };
  }, [everyMs]);
  const hand = {
    onPointerMove: () => {
      readUntil.current = performance.now() + READING_MS;
    },
    onPointerDown: () => {
      isHeld.current = true;
    },
  };
  return { series, hand };
}
