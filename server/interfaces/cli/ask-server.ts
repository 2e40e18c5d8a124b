import type { StatusView } from '../../application/view-status.ts';
import { MemoryInspectorError } from '../../domain/errors.ts';
import type { CollectedGarbage } from '../../domain/own-memory.ts';
import type { UseState } from '../../domain/use-state.ts';

/** Whether a server of ours answers at a port of this host, and how it is. */

type NotOurs =
  | { readonly kind: 'none' }
  /** Something else listens there, or it does not answer in time. */
  | { readonly kind: 'foreign' };

export type FoundServer =
  | NotOurs
  /** Ours; `null`: it wants a token before it tells more. */
  | { readonly kind: 'ours'; readonly status: StatusView | null };

const PATIENCE_MS = 3000;

export function originOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

function isStatus(body: unknown): body is StatusView {
  return (
    typeof body === 'object' &&
    body !== null &&
    ['version', 'ingest', 'clients', 'use'].every((name) => name in body)
  );
}

function wantsToken(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'code' in body && body.code === 'token_missing';
}

function isRefused(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
}

/** A look is no use of the server. */
const STATUS_PATH = '/api/v1/status?format=json&monitor=true';

type Asked<Answer> =
  | NotOurs
  /** `null`: it wants a token. */
  | { readonly kind: 'ours'; readonly answer: Answer | null };

/** Never throws. */
async function ask<Answer>(
  port: number,
  path: string,
  isAnswer: (body: unknown) => body is Answer,
  request: RequestInit = {},
): Promise<Asked<Answer>> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(`${originOf(port)}${path}`, { ...request, signal, redirect: 'error' });
    const body: unknown = await response.json();
    if (response.ok && isAnswer(body)) return { kind: 'ours', answer: body };
    return response.status === 401 && wantsToken(body) ? { kind: 'ours', answer: null } : { kind: 'foreign' };
  } catch (error) {
    return { kind: isRefused(error) ? 'none' : 'foreign' };
  }
}

/** Never throws. */
export async function askServer(port: number): Promise<FoundServer> {
  const asked = await ask(port, STATUS_PATH, isStatus);
  return asked.kind === 'ours' ? { kind: 'ours', status: asked.answer } : asked;
}

/** What collecting its garbage has freed of a server; `null`: it wants a token. */
export type AskedToCollect = NotOurs | { readonly kind: 'ours'; readonly garbage: CollectedGarbage | null };

function isGarbage(body: unknown): body is CollectedGarbage {
  return typeof body === 'object' && body !== null && 'freed' in body;
}

/** Never throws. */
export async function collectServerGarbage(port: number): Promise<AskedToCollect> {
  const headers = { origin: originOf(port), 'content-type': 'application/json' };
  const asked = await ask(port, '/api/v1/self/gc', isGarbage, { method: 'POST', headers, body: '{}' });
  return asked.kind === 'ours' ? { kind: 'ours', garbage: asked.answer } : asked;
}

/** What has the port is no server of ours. */
export function foreignServer(port: number): MemoryInspectorError {
  return new MemoryInspectorError('port_in_use', `Something else answers at port ${port}`, {
    field: 'port',
    next: `Choose another with --port N, or see who has it: ss -ltnp 'sport = :${port}'.`,
  });
}

/** In the words of the dashboards that this product took over; `null`: a server of ours that tells nothing without a token. */
export function serverState(found: FoundServer): UseState | null {
  if (found.kind === 'none') return 'inactive';
  if (found.kind === 'foreign') return 'error';
  return found.status?.use.status ?? null;
}
