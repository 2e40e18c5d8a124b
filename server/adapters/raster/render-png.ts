import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

/**
 * Draws an SVG as a PNG. The letters are of a font that comes with the program: servers have none, and two hosts draw
 * the same picture. Letters that it does not have (it has Latin, Greek and Cyrillic ones) are drawn as boxes.
 */

const FAMILY = 'Inter';
const FONT_FILES = ['Inter_400Regular.ttf', 'Inter_600SemiBold.ttf'] as const;
/** Screens of today have two dots for a CSS pixel. */
const DOTS_PER_PIXEL = 2;

let isReady: Promise<void> | undefined;

function makeReady(): Promise<void> {
  isReady ??= initWasm(
    readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')),
  );
  return isReady;
}

/** @param fontFolder holds `FONT_FILES` @throws Error for what is no SVG */
export async function renderPng(svg: string, fontFolder: string): Promise<Uint8Array> {
  await makeReady();
  const drawing = new Resvg(svg, {
    font: {
      fontBuffers: FONT_FILES.map((file) => readFileSync(join(fontFolder, file))),
      defaultFontFamily: FAMILY,
      sansSerifFamily: FAMILY,
    },
    fitTo: { mode: 'zoom', value: DOTS_PER_PIXEL },
  });
  const image = drawing.render();
  try {
    return image.asPng();
  } finally {
    image.free();
    drawing.free();
  }
}
