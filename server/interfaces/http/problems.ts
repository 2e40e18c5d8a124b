import type { ErrorCode } from '../../domain/errors.ts';
import { formatFieldPath, MemoryInspectorError } from '../../domain/errors.ts';
import { WRITE_LIMIT_BYTES } from './guarded-write.ts';
import type { Problem } from './schemas.ts';

/** Every code's status: the compiler refuses a code that is missing here. */
export const STATUS_OF: Readonly<Record<ErrorCode, number>> = {
  bad_parameter: 400,
  bad_usage: 400,
  token_missing: 401,
  origin_refused: 403,
  analysis_off: 403,
  not_permitted: 403,
  no_process_dumps: 404,
  no_system_dumps: 404,
  unknown_timestamp: 404,
  unknown_host: 404,
  no_data_for_pid: 404,
  process_gone: 404,
  no_such_session: 404,
  no_such_group: 404,
  no_such_route: 404,
  method_not_allowed: 405,
  session_exists: 409,
  session_state: 409,
  too_large: 413,
  not_json: 415,
  process_changed: 409,
  host_refused: 421,
  cannot_read: 500,
  bad_file: 500,
  cannot_write: 500,
  folder_refused: 500,
  unsafe_bind: 500,
  port_in_use: 500,
  source_unavailable: 500,
  internal: 500,
  // Nobody reads it: the status that proxies have for that.
  client_gone: 499,
  busy: 503,
  too_many_clients: 503,
};

/** An expected failure → a problem document (RFC 9457). It holds no stack and no absolute path. */
export function problemOf(error: MemoryInspectorError): Problem {
  const status = STATUS_OF[error.code];
  return {
    type: `/docs#${error.code}`,
    title: error.message,
    status,
    detail: error.next ?? error.message,
    code: error.code,
    ...(error.field === undefined ? {} : { field: error.field }),
    ...error.extra,
  };
}

interface ZodIssueLike {
  readonly instancePath?: string;
  readonly message?: string;
}

interface FastifyFailure {
  readonly statusCode?: number;
  readonly validation?: readonly ZodIssueLike[];
  readonly validationContext?: string;
}

function refusedParameter({ validation = [] }: FastifyFailure, query: unknown): MemoryInspectorError {
  const [issue] = validation;
  const field = formatFieldPath((issue?.instancePath ?? '').split('/').slice(1));
  const given = (query as Readonly<Record<string, unknown>> | undefined)?.[field];
  if (Array.isArray(given))
    return new MemoryInspectorError('bad_parameter', `Parameter ${field} is there ${given.length} times`, {
      field,
      next: 'Give it once.',
    });
  return new MemoryInspectorError('bad_parameter', `Parameter ${field || 'query'} is not valid`, {
    field,
    next: issue?.message ?? 'See /docs for what it may be.',
  });
}

/**
 * Whatever a handler threw → an expected failure, or `null` for a bug.
 * @param query of the request: a parameter that is there twice is a list
 */
export function expectedFailure(error: unknown, query?: unknown): MemoryInspectorError | null {
  if (error instanceof MemoryInspectorError) return error;
  const failure = error as FastifyFailure;
  if (failure.validation) return refusedParameter(failure, query);
  const status = failure.statusCode ?? 500;
  if (status === 405) return new MemoryInspectorError('method_not_allowed', 'Method not allowed');
  if (status === 413)
    return new MemoryInspectorError('too_large', 'The body is too large', {
      next: `At most ${WRITE_LIMIT_BYTES} bytes are taken.`,
    });
  if (status >= 400 && status < 500)
    return new MemoryInspectorError('bad_parameter', 'The request is not valid', {
      next: 'Check the address.',
    });
  return null;
}
