import type { FastifyReply } from 'fastify';
import { MemoryInspectorError } from '../../domain/errors.ts';

/** Aborted when the client leaves before its answer is written. Its reason is a `client_gone`. */
export function signalOfClient(reply: FastifyReply): AbortSignal {
  const leaving = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished)
      leaving.abort(new MemoryInspectorError('client_gone', 'Nobody waits for the answer any more'));
  });
  return leaving.signal;
}
