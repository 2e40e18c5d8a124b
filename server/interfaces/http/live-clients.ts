import type { ServerResponse } from 'node:http';
import type { WebSocket } from '@fastify/websocket';
import type { LiveClient, LiveFrame } from '../../application/live-ports.ts';
import { formatLivePlace } from '../../domain/live-point.ts';

/** Clients of the live feed at the end of a connection. What all are sent is encoded once. */

const PING_MS = 15_000;
/** A browser comes back after so long (HTML, server-sent events). */
const RETRY_MS = 1000;

function openEncoding(encode: (frame: LiveFrame) => string): (frame: LiveFrame) => Buffer {
  const encoded = new WeakMap<LiveFrame, Buffer>();
  return (frame) => {
    const bytes = encoded.get(frame) ?? Buffer.from(encode(frame));
    encoded.set(frame, bytes);
    return bytes;
  };
}

const messageOf = openEncoding(({ text }) => text);
const eventOf = openEncoding(
  ({ text, place }) => `${place ? `id: ${formatLivePlace(place)}\n` : ''}data: ${text}\n\n`,
);

/** @param onEnd called when the connection is over, for whatever reason */
export function openSocketClient(socket: WebSocket, onEnd: () => void): LiveClient {
  let isAlive = true;
  const ping = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_MS);
  socket.on('pong', () => {
    isAlive = true;
  });
  socket.once('close', () => {
    clearInterval(ping);
    onEnd();
  });
  return {
    send: (frame) => socket.send(messageOf(frame), { binary: false }),
    backlog: () => socket.bufferedAmount,
    drop: () => socket.terminate(),
  };
}

/** Of a response whose head was written. @param onEnd as above */
export function openEventClient(response: ServerResponse, onEnd: () => void): LiveClient {
  response.write(`retry: ${RETRY_MS}\n\n`);
  const ping = setInterval(() => {
    if (response.writableLength === 0) response.write(':\n\n');
  }, PING_MS);
  response.once('close', () => {
    clearInterval(ping);
    onEnd();
  });
  return {
    send: (frame) => response.write(eventOf(frame)),
    backlog: () => response.writableLength,
    drop: () => response.destroy(),
  };
}
