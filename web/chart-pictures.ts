import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { ImageFormat } from './lib/chart-spec.ts';

/** The charts of the page, as pictures to take along. */

export interface Picture {
  readonly title: string;
  /** A `data:` URL; a chart that was not in sight yet is drawn for it. */
  readonly take: (format: ImageFormat) => Promise<string>;
}

export const pictures = signal<readonly Picture[]>([]);

/** Offers a picture for as long as its chart is on the page. */
export function useOffer({ title, take }: Picture): void {
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    const picture: Picture = { title, take: (format) => latest.current(format) };
    pictures.value = [...pictures.peek(), picture];
    return () => {
      pictures.value = pictures.peek().filter((one) => one !== picture);
    };
  }, [title]);
}
