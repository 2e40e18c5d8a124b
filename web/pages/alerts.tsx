import { useSignal } from '@preact/signals';
import type { AlertsAnswer } from '../../server/interfaces/http/schemas/alerts.ts';
import type { Alert } from '../components/alert-item.tsx';
import { AlertItem } from '../components/alert-item.tsx';
import { AlertRules } from '../components/alert-rules.tsx';
import { ExportMenu } from '../components/export-menu.tsx';
import { Moment } from '../components/figures.tsx';
import { PageHead } from '../components/page-head.tsx';
import { formatCount } from '../lib/numbers.ts';
import type { View } from '../state.ts';

/** What fires, what was over in the range, and the rules. */

interface AlertsProps {
  readonly view: View;
  readonly answer: AlertsAnswer;
}

/** So many are read at a glance. */
const FIRST = 20;

function List({ alerts, ...props }: AlertsProps & { readonly alerts: readonly Alert[] }) {
  const isWhole = useSignal(false);
  const shown = isWhole.value ? alerts : alerts.slice(0, FIRST);
  return (
    <>
      <ul class="alerts">
        {shown.map((alert) => (
          <AlertItem key={`${alert.rule} ${alert.fired}`} {...props} alert={alert} />
        ))}
      </ul>
      {shown.length < alerts.length ? (
        <button
          type="button"
          class="btn"
          onClick={() => {
            isWhole.value = true;
          }}
        >
          Show all {formatCount(alerts.length)}
        </button>
      ) : null}
    </>
  );
}

function Firing(props: AlertsProps) {
  const { firing, range, rules } = props.answer;
  return (
    <section class="block">
      <div class="toolbar">
        <h2>Firing ({formatCount(firing.length)})</h2>
        <span class="grow" />
        <ExportMenu view={props.view} answer={props.answer} />
      </div>
      {firing.length > 0 ? (
        <List {...props} alerts={firing} />
      ) : (
        <p class="nothing muted">
          {rules.length > 0 ? 'Nothing fires' : 'Without rules nothing can fire'} at <Moment at={range.to} />.
        </p>
      )}
    </section>
  );
}

function Resolved(props: AlertsProps) {
  const { resolved, resolved_total: total, range } = props.answer;
  return (
    <section class="block">
      <h2>Over ({formatCount(total)})</h2>
      {total > 0 ? (
        <List {...props} alerts={resolved} />
      ) : (
        <p class="nothing muted">
          Nothing was over from <Moment at={range.from} /> to <Moment at={range.to} beside={range.from} />.
        </p>
      )}
      {resolved.length < total ? (
        <p class="note">
          The newest {formatCount(resolved.length)} of {formatCount(total)}; a shorter range tells the others.
        </p>
      ) : null}
    </section>
  );
}

export function AlertsPage(props: AlertsProps) {
  const { answer } = props;
  const { host, range, firing, trouble } = answer;
  const title = firing.length > 0 ? `(${firing.length}) Alerts` : 'Alerts';
  return (
    <>
      <PageHead title="Alerts" documentTitle={`${title} · Memory Inspector`}>
        On {host} from <Moment at={range.from} /> to <Moment at={range.to} beside={range.from} />
      </PageHead>
      {trouble === null ? null : <p class="note hurt">{trouble}</p>}
      <Firing {...props} />
      <Resolved {...props} />
      <AlertRules answer={answer} />
    </>
  );
}
