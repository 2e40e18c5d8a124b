import type { Token } from './colours.ts';
import type { GapSpan, Span } from './series.ts';

/** A chart as its pages describe it: lines of bytes along time. How it is drawn is chart.ts's affair. */

export type Dash = 'solid' | 'dash' | 'dot' | 'dashdot';

export interface ChartLine {
  readonly id: string;
  /** Shown as it is; whatever looks like markup is escaped here. */
  readonly name: string;
  readonly t: readonly number[];
  readonly values: readonly (number | null)[];
  readonly colour: Token;
  readonly dash?: Dash;
  readonly width?: number;
  readonly opacity?: number;
  readonly isFilled?: boolean;
  readonly hasMarkers?: boolean;
  /** Points that are drawn but measured nothing. */
  readonly isEdge?: readonly boolean[];
}

export interface ChartSpec {
  readonly lines: readonly ChartLine[];
  readonly isStacked: boolean;
  readonly gaps: readonly GapSpan[];
  readonly range: Span;
  readonly zone: string;
  readonly height: number;
}

export interface ChartEvents {
  readonly onPoint: (t: number) => void;
  readonly onZoom: (range: Span) => void;
  readonly onReset: () => void;
}

export interface Chart {
  readonly update: (spec: ChartSpec) => void;
  readonly close: () => void;
}
