import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createConnection } from 'node:net';

/** Clients of a live feed as small as can be: what they are sent is counted, or not even read. */
export interface Watchers {
  /** Of the newest point that the first has; 0 before it has one. */
  seq(): number;
  /** How many are still connected. */
  open(): number;
  end(): void;
}

function connect({ hostname, port }: URL): Socket {
  const socket = createConnection({ host: hostname, port: Number(port) });
  socket.on('error', () => undefined);
  return socket;
}

function handshake({ host, origin }: URL): string {
  const lines = [
    ...[
      'GET /ws HTTP/1.1',
      `Host: ${host}`,
      `Origin: ${origin}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
    ],
    ...['Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`],
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** An empty pong with a mask of zeros (RFC 6455, 5.5.3): pings come each 15 s. */
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);
const PONG_MS = 10_000;

/** Of an update: it stands near its end. */
const SEQ = /"seq":(\d+),"interval_seconds"/;

/** @param reads whether they take what they are sent, and say that they live */
export async function startWatchers(url: string, count: number, reads: boolean): Promise<Watchers> {
  const address = new URL(url);
  let seq = 0;
  const sockets = Array.from({ length: count }, () => connect(address));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  for (const socket of sockets) {
    socket.write(handshake(address));
    if (reads) socket.on('data', () => undefined);
    else socket.pause();
  }
  if (reads)
    sockets[0].on('data', (chunk) => {
      seq = Number(SEQ.exec(chunk.toString('latin1'))?.[1] ?? seq);
    });
  const pong = setInterval(() => {
    for (const socket of sockets) if (reads && !socket.destroyed) socket.write(PONG);
  }, PONG_MS);
  return {
    seq: () => seq,
    open: () => sockets.filter(({ destroyed }) => !destroyed).length,
    end() {
      clearInterval(pong);
      for (const socket of sockets) socket.destroy();
    },
  };
}
