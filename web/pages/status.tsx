import type { StatusAnswer } from '../../server/interfaces/http/schemas/status.ts';
import { Bytes, Duration } from '../components/figures.tsx';
import { PageHead } from '../components/page-head.tsx';
import type { View } from '../state.ts';

interface StatusProps {
  readonly view: View;
  readonly answer: StatusAnswer;
}

/** The recorder, the server, and what they hold. */
export function StatusPage({ answer: { version, server } }: StatusProps) {
  return (
    <>
      <PageHead title="Status">Version {version}</PageHead>
      <p>
        The server has been up for <Duration seconds={server.uptime_seconds} /> and holds{' '}
        <Bytes value={server.rss_bytes} />.
      </p>
    </>
  );
}
