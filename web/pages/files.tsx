import type { FilesAnswer } from '../../server/interfaces/http/schemas/files.ts';
import { PageHead } from '../components/page-head.tsx';
import { countOf } from '../lib/numbers.ts';
import type { View } from '../state.ts';

interface FilesProps {
  readonly view: View;
  readonly answer: FilesAnswer;
}

/** The dumps, and what of them could not be used. */
export function FilesPage({ answer }: FilesProps) {
  return (
    <>
      <PageHead title="Files">
        {countOf(answer.total, 'dump', 'dumps')} in {answer.folder}
      </PageHead>
      <ul>
        {answer.dumps.map(({ name, state }) => (
          <li key={name}>
            <span class="cmd whole">{name}</span> {state}
          </li>
        ))}
      </ul>
    </>
  );
}
