import type { Command } from '../world.ts';

/** `pmi collect`: the lean recorder's own command line. */
export const collectCommand: Command = (world, argv) => world.collect(argv);
