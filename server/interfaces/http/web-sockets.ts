import type { Server } from 'node:http';
import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';

/** Clients of a WebSocket are told things; what they say is not looked at. */
const LONGEST_MESSAGE = 4096;
const GOING_AWAY = 1001;

/** @param upgrades tells of the connections that may become WebSockets */
export async function installWebSockets(app: FastifyInstance, upgrades: Server): Promise<void> {
  await app.register(websocket, {
    options: { server: upgrades, maxPayload: LONGEST_MESSAGE, perMessageDeflate: false },
    errorHandler: (_error, socket) => socket.terminate(),
    preClose(done) {
      for (const socket of this.websocketServer.clients) {
        socket.close(GOING_AWAY);
        socket.terminate();
      }
      done();
    },
  });
}
