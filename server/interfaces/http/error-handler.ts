import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorCode } from '../../domain/errors.ts';
import { MemoryInspectorError } from '../../domain/errors.ts';
import { isRead } from './guarded-write.ts';
import { formOf, sendPage } from './negotiate.ts';
import { expectedFailure, problemOf } from './problems.ts';
import type { Services } from './services.ts';

/** What waits is answered by then; somebody may have gone. */
const RETRY_SECONDS: Partial<Record<ErrorCode, number>> = { busy: 2, too_many_clients: 10 };

function sendProblem(error: MemoryInspectorError, request: FastifyRequest, reply: FastifyReply) {
  const problem = problemOf(error);
  reply.code(problem.status);
  const retry = RETRY_SECONDS[error.code];
  if (retry !== undefined) reply.header('retry-after', String(retry));
  // A failure is never "not modified", whatever the client holds.
  delete request.raw.headers['if-none-match'];
  delete request.raw.headers['if-modified-since'];
  // Without the token the page could not load its own script: the problem itself says what to do.
  if (isRead(request) && formOf(request) === 'html' && error.code !== 'token_missing') return sendPage(reply);
  return reply.type('application/problem+json').send(JSON.stringify(problem));
}

function notFound(request: FastifyRequest): MemoryInspectorError {
  const [path] = request.url.split('?', 1);
  return new MemoryInspectorError('no_such_route', `There is no ${path.slice(0, 200)}`, {
    next: 'The overview is at /api/v1/, all routes are listed at /docs.',
  });
}

/** Expected failures become problem documents (or the page, with their status); anything else is a bug: 500. */
export function installErrorHandler(app: FastifyInstance, { logFailure }: Services): void {
  app.setNotFoundHandler((request, reply) => sendProblem(notFound(request), request, reply));
  app.setErrorHandler((error, request, reply) => {
    const expected = expectedFailure(error, request.query);
    if (expected) return sendProblem(expected, request, reply);
    logFailure(error);
    const bug = new MemoryInspectorError('internal', 'Something went wrong in the server', {
      next: 'Its log says what. Please report it.',
    });
    return sendProblem(bug, request, reply);
  });
}
