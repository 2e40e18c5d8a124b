import { signal } from '@preact/signals';
import type { ImageFormat } from './lib/chart-spec.ts';

/** The charts of the page, as pictures to take along. */

export interface Picture {
  readonly title: string;
  /** A `data:` URL; a chart that was not in sight yet is drawn for it. */
  readonly take: (format: ImageFormat) => Promise<string>;
}

export const pictures = signal<readonly Picture[]>([]);

/** @returns takes the offer back */
export function offerPicture(picture: Picture): () => void {
  pictures.value = [...pictures.peek(), picture];
  return () => {
    pictures.value = pictures.peek().filter((one) => one !== picture);
  };
}
