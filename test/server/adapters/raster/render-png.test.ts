import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renderPng } from '../../../../server/adapters/raster/render-png.ts';
import { readPng } from '../../../support/read-png.ts';

/** Where the build puts it. */
const FONTS = join(import.meta.dirname, '../../../../dist/fonts');

async function drawn(body: string) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30" font-family="sans-serif" font-size="20"><rect width="60" height="30" fill="#ffffff"/>${body}</svg>`;
  return readPng(Buffer.from(await renderPng(svg, FONTS)));
}

/** How many pixels are not of the ground. */
async function inkOf(body: string): Promise<number> {
  const { width, height, at } = await drawn(body);
  let ink = 0;
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (at(x, y) !== '#ffffff') ink++;
  return ink;
}

test('a picture has two dots for each pixel, of the colour that was asked for', async () => {
  const picture = await drawn('<rect x="10" y="5" width="20" height="10" fill="#d55e00"/>');
  expect([picture.width, picture.height]).toEqual([120, 60]);
  expect([picture.at(20, 10), picture.at(59, 29), picture.at(60, 29), picture.at(19, 10)]).toEqual([
    '#d55e00',
    '#d55e00',
    '#ffffff',
    '#ffffff',
  ]);
});

test('letters are drawn, each its own and bold ones bolder, whatever fonts the host has', async () => {
  const letter = (text: string, weight = 400) =>
    inkOf(`<text x="5" y="22" font-weight="${weight}">${text}</text>`);
  const [none, i, w, bold, ya] = [
    await letter(' '),
    await letter('i'),
    await letter('W'),
    await letter('W', 600),
    await letter('я'),
  ];
  expect(none).toBe(0);
  expect(i).toBeGreaterThan(20);
  expect(w).toBeGreaterThan(2 * i);
  expect(bold).toBeGreaterThan(w);
  expect(ya).toBeGreaterThan(i);
});

test('what is no SVG is refused', async () => {
  await expect(renderPng('no svg', FONTS)).rejects.toBeDefined();
});
