import type { RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { useOffer } from '../chart-pictures.ts';

/** Offers a part of the page, which is drawn with boxes, as a picture. @returns what it is to be held by */
export function usePagePicture<Part extends Element>(title: string): RefObject<Part | null> {
  const part = useRef<Part>(null);
  useOffer({
    title,
    take: async (format) => {
      if (!part.current) throw new Error('a picture that is not on the page');
      const { takePagePicture } = await import('../lib/page-picture.ts');
      return takePagePicture(part.current, title, format);
    },
  });
  return part;
}
