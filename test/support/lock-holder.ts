import { takeSealLock } from '../../server/adapters/sealing/lock.ts';

/** Holds the lock of an index until it is killed: `node lock-holder.mjs INDEX`. */
const { holder } = await takeSealLock(process.argv[2], () => 'pmi up');
process.stdout.write(`${holder ?? 'mine'}\n`);
setInterval(() => undefined, 60_000);
