import { MEMBER_NAME_HELP, WATCH_RULE_FIELDS } from '../../server/domain/watch-group.ts';
import type { DraftMember, FieldFault } from '../lib/watch-draft.ts';
import type { MemberTry } from './watch-preview.tsx';
import { MemberPreview } from './watch-preview.tsx';

interface TextFieldProps {
  /** As the server names it. */
  readonly field: string;
  readonly label: string;
  readonly help: string;
  readonly value: string;
  readonly fault: FieldFault | null;
  /** Read out only: it has been said above. */
  readonly isKnown?: boolean;
  readonly onInput: (text: string) => void;
}

/** A field with its help and, where it is wrong, what is wrong with it. */
export function TextField({ field, label, help, value, fault, isKnown, onInput }: TextFieldProps) {
  const wrong = fault?.field === field ? fault.text : null;
  const tone = isKnown ? 'sr-only' : 'muted';
  return (
    <label class="text-field">
      <span>{label}</span>
      <input
        name={field}
        value={value}
        title={help}
        autoComplete="off"
        autoCapitalize="off"
        spellcheck={false}
        aria-invalid={wrong === null ? undefined : 'true'}
        aria-describedby={`${field}-help`}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      <small id={`${field}-help`} class={wrong === null ? tone : 'hurting'}>
        {wrong ?? help}
      </small>
    </label>
  );
}

interface MemberFieldsProps {
  readonly member: DraftMember;
  readonly place: number;
  readonly count: number;
  readonly found: MemberTry | null;
  readonly fault: FieldFault | null;
  readonly onChange: (member: DraftMember) => void;
  readonly onRemove: () => void;
  readonly onRaise: () => void;
}

function Buttons({ place, count, onRemove, onRaise }: MemberFieldsProps) {
  const name = `member ${place + 1}`;
  return (
    <span class="member-buttons">
      {place > 0 ? (
        <button type="button" class="btn quiet" aria-label={`Move up ${name}`} onClick={onRaise}>
          Move up
        </button>
      ) : null}
      {count > 1 ? (
        <button type="button" class="btn quiet" aria-label={`Remove ${name}`} onClick={onRemove}>
          Remove
        </button>
      ) : null}
    </span>
  );
}

export function MemberFields(props: MemberFieldsProps) {
  const { member, place, found, fault, onChange } = props;
  const path = `members[${place}]`;
  const ruleFault = fault?.field === `${path}.rule` ? fault.text : null;
  return (
    <fieldset class="member">
      <legend>Member {place + 1}</legend>
      <TextField
        field={`${path}.name`}
        label="Name"
        help={MEMBER_NAME_HELP}
        value={member.name}
        fault={fault}
        isKnown={place > 0}
        onInput={(name) => onChange({ ...member, name })}
      />
      <div class="rule-fields">
        {WATCH_RULE_FIELDS.map(({ id, label, help }) => (
          <TextField
            key={id}
            field={`${path}.rule.${id}`}
            label={label}
            help={help}
            value={member.rule[id]}
            fault={fault}
            isKnown={place > 0}
            onInput={(text) => onChange({ ...member, rule: { ...member.rule, [id]: text } })}
          />
        ))}
      </div>
      {ruleFault === null ? null : (
        <p class="hurting" role="alert">
          {ruleFault}
        </p>
      )}
      <MemberPreview found={found} />
      <Buttons {...props} />
    </fieldset>
  );
}
