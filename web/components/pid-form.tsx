import type { ComponentChildren } from 'preact';
import { navigate } from '../navigation.ts';
import type { View } from '../state.ts';

interface PidFormProps {
  readonly view: View;
  readonly class: string;
  readonly label: string;
  readonly button: ComponentChildren;
  /** Empty: the server itself. */
  readonly hrefOf: (pid: string) => string;
  readonly children: ComponentChildren;
}

/** A process of this host, by its pid. */
export function PidForm({ view, class: name, label, button, hrefOf, children }: PidFormProps) {
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const pid = new FormData(event.currentTarget as HTMLFormElement).get('pid');
    navigate(hrefOf(String(pid).trim()));
  };
  return (
    <form class={name} method="get" action={view.path} onSubmit={onSubmit}>
      <label>
        {label}
        <input
          key={view.params.pid}
          name="pid"
          inputMode="numeric"
          pattern="\d*"
          title="A whole number; empty: this server"
          size={9}
          defaultValue={view.params.pid ?? ''}
          placeholder="this server"
          autoComplete="off"
        />
      </label>
      {button}
      {children}
    </form>
  );
}
