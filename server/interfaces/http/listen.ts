import type { FastifyInstance } from 'fastify';
import { MemoryInspectorError } from '../../domain/errors.ts';

/** Where a server listens. Port 0 takes a free one. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

function listenFailure(error: unknown, { host, port }: ListenAddress): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'EADDRINUSE')
    return new MemoryInspectorError('port_in_use', `Port ${port} of ${host} is in use`, {
      field: 'port',
      next: `Choose another with --port N (0 takes a free one), or see who has it: ss -ltnp 'sport = :${port}'.`,
    });
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new MemoryInspectorError('port_in_use', `Cannot listen on ${host} port ${port}: ${code}`, {
      field: 'host',
      next: 'Give an address of this host with --host and a port above 1023 with --port.',
    });
  return error;
}

/**
 * Begins to listen. @returns the address of the first page
 * @throws MemoryInspectorError `port_in_use` naming the way out
 */
export async function listen(app: FastifyInstance, address: ListenAddress): Promise<string> {
  try {
    await app.listen({ host: address.host, port: address.port });
  } catch (error) {
    throw listenFailure(error, address);
  }
  const [bound] = app.addresses();
  const port = typeof bound === 'object' ? bound.port : address.port;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return `http://${host}:${port}/api/v1/`;
}

/** The bind address may be named in a Host header, unless it means "every address". */
export function namesOf(host: string, allowed: readonly string[]): string[] {
  const isWildcard = host === '0.0.0.0' || host === '::';
  return [...(isWildcard ? [] : [host]), ...allowed];
}
