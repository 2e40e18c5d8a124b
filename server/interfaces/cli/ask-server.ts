import type { StatusView } from '../../application/view-status.ts';
import type { UseState } from '../../domain/use-state.ts';

/** Whether a server of ours answers at a port of this host, and how it is. */

export type FoundServer =
  | { readonly kind: 'none' }
  /** Something else listens there, or it does not answer in time. */
  | { readonly kind: 'foreign' }
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

/** Never throws. */
export async function askServer(port: number): Promise<FoundServer> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(`${originOf(port)}${STATUS_PATH}`, { signal, redirect: 'error' });
    const body: unknown = await response.json();
    if (response.ok && isStatus(body)) return { kind: 'ours', status: body };
    return response.status === 401 && wantsToken(body) ? { kind: 'ours', status: null } : { kind: 'foreign' };
  } catch (error) {
    return isRefused(error) ? { kind: 'none' } : { kind: 'foreign' };
  }
}

/** In the words of the dashboards that this product took over; `null`: a server of ours that tells nothing without a token. */
export function serverState(found: FoundServer): UseState | null {
  if (found.kind === 'none') return 'inactive';
  if (found.kind === 'foreign') return 'error';
  return found.status?.use.status ?? null;
}
