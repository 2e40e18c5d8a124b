import type { FastifyReply } from 'fastify';

/** Raised when the client leaves before it has its answer. */
export function signalOfClient(reply: FastifyReply): AbortSignal {
  const leaving = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) leaving.abort();
  });
  return leaving.signal;
}
