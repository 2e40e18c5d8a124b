import type { RunningServer, World } from './world.ts';

const NARROW_NO_BREAK_SPACE = ' ';

function grouped(count: number): string {
  return count.toLocaleString('en').replaceAll(',', NARROW_NO_BREAK_SPACE);
}

function countSamples(history: RunningServer['history']): number {
  return history.hosts().reduce((sum, host) => sum + history.spine(host).t.length, 0);
}

/** Says where the app is and how far reading has come, and serves until a signal, or until nobody needs it. */
export async function serveUntilStopped(world: World, server: RunningServer): Promise<void> {
  world.out(`Memory Inspector: ${server.url}  (Ctrl-C stops)\n`);
  void server.ingest.idle().then(() => {
    const { rejected_files, rejected_rows } = server.ingest.status();
    const samples = countSamples(server.history);
    const rejected = rejected_files + rejected_rows;
    world.err(
      `pmi: ${grouped(samples)} sample${samples === 1 ? '' : 's'} recorded${rejected > 0 ? `, ${grouped(rejected)} rejects (above)` : ''}\n`,
    );
  });
  const unused = server.isOver.then(() => world.err('pmi: nobody has asked for anything: the server ends\n'));
  await Promise.race([world.stopSignal(), unused]);
  await server.close();
}
