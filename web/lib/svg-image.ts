import type { ImageFormat } from './chart-spec.ts';
import { IMAGE_SCALE } from './chart-spec.ts';

/** An SVG of our own as a file; those of charts are made by their library. */

async function rasterise(href: string, width: number, height: number): Promise<string> {
  const image = new Image();
  image.src = href;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * IMAGE_SCALE.png;
  canvas.height = height * IMAGE_SCALE.png;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas to draw on');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png');
}

/**
 * @param svg with its width and height in px, and no style but what its attributes say
 * @returns a `data:` URL
 */
export async function imageOfSvg(svg: SVGSVGElement, format: ImageFormat): Promise<string> {
  const href = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
  if (format === 'svg') return href;
  return rasterise(href, svg.width.baseVal.value, svg.height.baseVal.value);
}
