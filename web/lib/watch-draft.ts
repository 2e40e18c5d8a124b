import type { WatchGroup, WatchRule } from '../../server/domain/watch-group.ts';
import { GROUP_NAME, GROUP_NAME_HELP, WATCH_RULE_FIELDS } from '../../server/domain/watch-group.ts';

/** A watch group while it is being written: every field a text, as it stands in the form. */

/** In drafts and in the URL: no group can be called so. */
export const NEW_GROUP = '+';

/** Where a group is changed, and what is asked about it. */
export function groupPath(name: string): string {
  return `/api/v1/watch-groups/${encodeURIComponent(name)}`;
}

export type RuleField = (typeof WATCH_RULE_FIELDS)[number]['id'];

export interface DraftMember {
  /** Tells members apart that have no name yet. */
  readonly id: number;
  readonly name: string;
  readonly rule: Readonly<Record<RuleField, string>>;
}

export interface Draft {
  /** Of the group; a new one is given its name in the form. */
  readonly name: string;
  readonly members: readonly DraftMember[];
  /** How often regions over time are kept; '' is not at all. */
  readonly regions: string;
}

const BLANK_RULE = Object.fromEntries(WATCH_RULE_FIELDS.map(({ id }) => [id, ''])) as DraftMember['rule'];

export function blankMember(id: number): DraftMember {
  return { id, name: '', rule: BLANK_RULE };
}

export const NEW_DRAFT: Draft = { name: '', members: [blankMember(0)], regions: '' };

/** A group as the server tells it. */
export type ToldGroup = Pick<WatchGroup, 'name' | 'members'> & { readonly regions: string | null };

export function draftOf({ name, members, regions }: ToldGroup): Draft {
  return {
    name,
    regions: regions ?? '',
    members: members.map((member, id) => ({
      id,
      name: member.name,
      rule: Object.fromEntries(
        WATCH_RULE_FIELDS.map((field) => [field.id, String(member.rule[field.id] ?? '')]),
      ) as DraftMember['rule'],
    })),
  };
}

/** Only what was filled in. A pid that is no number stays a text: the server says what is wrong with it. */
function ruleOf({ rule }: DraftMember): WatchRule {
  const given = Object.entries(rule).filter(([, text]) => text.trim() !== '');
  const isNumber = (id: string, text: string) => id === 'pid' && /^\d+$/.test(text.trim());
  return Object.fromEntries(given.map(([id, text]) => [id, isNumber(id, text) ? Number(text) : text]));
}

/** What is sent to be saved. */
export function groupOf({ name, members, regions }: Draft): WatchGroup {
  const every = regions.trim();
  return {
    name,
    members: members.map((member) => ({ name: member.name.trim(), rule: ruleOf(member) })),
    ...(every === '' ? {} : { regions: every }),
  };
}

/** Members that can be tried: a rule that asks for nothing would match everything. */
export function isTriable(member: DraftMember): boolean {
  const rule = ruleOf(member);
  return Object.keys(rule).length > 0 && (rule.pid === undefined || typeof rule.pid === 'number');
}

export function sameDraft(a: Draft, b: Draft): boolean {
  return JSON.stringify(groupOf(a)) === JSON.stringify(groupOf(b));
}

/** What is wrong with a field, in words. */
export interface FieldFault {
  /** As the server names it: `members[0].rule.pid`. */
  readonly field: string;
  readonly text: string;
}

/** What only the form can know: the name stands in the address, and must not be that of another group. */
export function nameFault(name: string, names: readonly string[]): FieldFault | null {
  if (!GROUP_NAME.test(name)) return { field: 'name', text: GROUP_NAME_HELP };
  return names.includes(name) ? { field: 'name', text: 'There is a group of that name already.' } : null;
}
