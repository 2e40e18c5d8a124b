import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** The font of pictures that the program itself draws, and its licence (OFL 1.1), which has to go with it. */

const PACKAGE = 'node_modules/@expo-google-fonts/inter';
const FILES = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf', 'LICENSE_FONT'];

/** @returns what goes below dist/, by path */
export async function copyFont(folder) {
  return Promise.all(
    FILES.map(async (file) => [join(folder, basename(file)), await readFile(join(PACKAGE, file))]),
  );
}
