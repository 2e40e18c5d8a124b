import type { Token } from './colours.ts';
import type { GapSpan, Span } from './series.ts';

/** A chart as its pages describe it: figures along time. How it is drawn is chart.ts's affair. */

export type Dash = 'solid' | 'dash' | 'dot' | 'dashdot';

/** What the values are; each has its own axis and its own way to be read. */
export type Measure = 'bytes' | 'bytes_per_second' | 'percent' | 'per_second';

export interface ChartLine {
  readonly id: string;
  /** Shown as it is; whatever looks like markup is escaped here. */
  readonly name: string;
  readonly t: readonly number[];
  readonly values: readonly (number | null)[];
  readonly colour: Token;
  /** One of a stack; layers come before lines and share their instants. */
  readonly isLayer?: boolean;
  readonly dash?: Dash;
  readonly width?: number;
  readonly opacity?: number;
  readonly isFilled?: boolean;
  readonly hasMarkers?: boolean;
  /** Points that are drawn but measured nothing. */
  readonly isEdge?: readonly boolean[];
  /** Stretches in which there is more than is drawn, nobody knows how much: hatched. A `null` in a layer lies there. */
  readonly unknown?: readonly Span[];
}

/** Something that happened, a line across the picture. */
export interface Mark {
  readonly t: number;
  readonly text: string;
  readonly tone: 'hurt' | 'muted';
}

/** The largest value of a line, told where it stands. */
export interface Peak {
  readonly t: number;
  readonly value: number;
  readonly text: string;
}

export interface ChartSpec {
  readonly lines: readonly ChartLine[];
  /** `bytes` where it is left out. */
  readonly measure?: Measure;
  /** What the legend tells of layers: the newest value, else the most. */
  readonly tells?: 'newest';
  readonly gaps: readonly GapSpan[];
  readonly marks?: readonly Mark[];
  /** The highest first: where two are close, the later one's label lies below its point. */
  readonly peaks?: readonly Peak[];
  /** What lies outside is shaded: there the process did not live. */
  readonly life?: Span;
  readonly range: Span;
  readonly zone: string;
  readonly height: number;
}

export interface ChartEvents {
  /** @param layer the one of a stack that was meant */
  readonly onPoint: (t: number, layer: string | null) => void;
  readonly onZoom: (range: Span) => void;
  readonly onReset: () => void;
}

export type ImageFormat = 'png' | 'svg';

/** Pixels of a picture for each of the page. */
export const IMAGE_SCALE: Readonly<Record<ImageFormat, number>> = { png: 2, svg: 1 };

export interface Chart {
  readonly update: (spec: ChartSpec) => void;
  /** The picture as a `data:` URL, on the page's own background. */
  readonly image: (format: ImageFormat) => Promise<string>;
  readonly close: () => void;
}
