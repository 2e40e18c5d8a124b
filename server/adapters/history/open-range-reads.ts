import type { RangeReads } from '../../application/range-reads.ts';
import type { HostSources } from './answers.ts';
import { readCommandChanges } from './read-command-changes.ts';
import { readInstants } from './read-instants.ts';
import { readLife } from './read-life.ts';
import { readPlaces } from './read-places.ts';

/** @param about asks a question of one host, by its name */
export function openRangeReads(
  about: <T>(name: string, answer: (sources: HostSources) => Promise<T>) => Promise<T>,
): RangeReads {
  return {
    readPlaces: (name, t) => about(name, (sources) => readPlaces(sources, t)),
    readInstants: (name, instants, columns, texts) =>
      about(name, (sources) => readInstants(sources, instants, columns, texts)),
    readCommandChanges: (name, life, range) =>
      about(name, (sources) => readCommandChanges(sources, life, range)),
    readLife: (name, life, range, columns) =>
      about(name, (sources) => readLife(sources, life, range, columns)),
  };
}
