import { displayText } from '../../server/domain/text-notation.ts';
import type { GroupsAnswer } from '../../server/interfaces/http/schemas/groups.ts';
import { ExportMenu } from '../components/export-menu.tsx';
import { Bytes } from '../components/figures.tsx';
import { PageHead } from '../components/page-head.tsx';
import { formatCount } from '../lib/numbers.ts';
import { formatMoment } from '../lib/time.ts';
import type { View } from '../state.ts';

interface GroupsProps {
  readonly view: View;
  readonly answer: GroupsAnswer;
}

/** Processes of one instant, put together by what they have in common. */
export function GroupsPage({ view, answer }: GroupsProps) {
  return (
    <>
      <PageHead title={`By ${answer.by} – snapshot ${formatMoment(Date.parse(answer.ts))}`} />
      <div class="toolbar">
        <span class="grow" />
        <ExportMenu view={view} answer={answer} />
      </div>
      <div class="table-frame">
        <table class="processes" aria-label={`Processes by ${answer.by}`}>
          <thead>
            <tr>
              <th scope="col" class="l">
                Name
              </th>
              <th scope="col" class="num">
                Processes
              </th>
              <th scope="col" class="num">
                RSS
              </th>
            </tr>
          </thead>
          <tbody>
            {answer.groups.map(({ name, processes, rss_bytes }) => (
              <tr key={name}>
                <th scope="row" class="l">
                  {name === null ? 'unknown' : displayText(name)}
                </th>
                <td class="num">{formatCount(processes)}</td>
                <td class="num">
                  <Bytes value={rss_bytes} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
