import type { InitialData, LiveMessage } from '../../server/domain/live-point.ts';

/** The ways on which the feed comes, the best one first. Each ends once, by `onEnd`; after `close` it says nothing more. */

export interface Ears {
  readonly onMessage: (message: LiveMessage) => void;
  readonly onEnd: () => void;
}

export interface Connection {
  readonly close: () => void;
}

/** @param queryOf where to go on: `after` the last point that came */
export type Transport = (queryOf: QueryOf, ears: Ears) => Connection;

type QueryOf = () => URLSearchParams;

function parseMessage(text: string): LiveMessage {
  return JSON.parse(text) as LiveMessage;
}

export function openSocket(queryOf: QueryOf, { onMessage, onEnd }: Ears): Connection {
  const url = new URL(`/ws?${queryOf()}`, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url);
  socket.onmessage = ({ data }) => onMessage(parseMessage(String(data)));
  socket.onclose = onEnd;
  return {
    close: () => {
      socket.onmessage = null;
      socket.onclose = null;
      socket.close();
    },
  };
}

/** The browser's own reconnecting would not know which point was the last. */
export function openStream(queryOf: QueryOf, { onMessage, onEnd }: Ears): Connection {
  const stream = new EventSource(`/api/v1/live/sse?${queryOf()}`);
  stream.onmessage = ({ data }) => onMessage(parseMessage(String(data)));
  stream.onerror = () => {
    stream.close();
    onEnd();
  };
  return { close: () => stream.close() };
}

/** @throws where the server is away or answers something else */
async function fetchInitial(query: URLSearchParams, signal: AbortSignal): Promise<InitialData> {
  const response = await fetch(`/api/v1/live?${query}`, { signal });
  if (!response.ok) throw new Error(`the feed answers ${response.status}`);
  return (await response.json()) as InitialData;
}

/** Where neither holds, behind some proxies: asked again at the feed's own interval, never oftener than each second. */
export function openPolling(queryOf: QueryOf, { onMessage, onEnd }: Ears): Connection {
  const closing = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = async () => {
    try {
      const message = await fetchInitial(queryOf(), closing.signal);
      onMessage(message);
      timer = setTimeout(() => void ask(), Math.max(1, message.interval_seconds) * 1000);
    } catch {
      if (!closing.signal.aborted) onEnd();
    }
  };
  void ask();
  return {
    close: () => {
      clearTimeout(timer);
      closing.abort();
    },
  };
}
