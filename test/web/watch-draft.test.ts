import { describe, expect, test } from 'vitest';
import type { Draft, ToldGroup } from '../../web/lib/watch-draft.ts';
import {
  blankMember,
  draftOf,
  groupOf,
  groupPath,
  isTriable,
  NEW_DRAFT,
  NEW_GROUP,
  nameFault,
  sameDraft,
} from '../../web/lib/watch-draft.ts';

const GROUP: ToldGroup = {
  name: 'shop',
  regions: '5m',
  members: [
    { name: 'Front', rule: { pattern: ' a b ', user: 'www' } },
    { name: 'Tree', rule: { pid: 812 } },
  ],
};

function withRule(rule: Partial<Draft['members'][number]['rule']>): Draft {
  const member = blankMember(0);
  return { name: 'x', regions: '', members: [{ ...member, rule: { ...member.rule, ...rule } }] };
}

describe('A watch group in the form', () => {
  test('comes back as it went in, blanks of a pattern included', () => {
    expect(groupOf(draftOf(GROUP))).toEqual(GROUP);
    const { regions, ...without } = GROUP;
    expect(groupOf({ ...draftOf({ ...GROUP, regions: null }), regions: ' ' })).toEqual(without);
  });

  test('has only the rules that were filled in; a pid that is no number is left to the server', () => {
    expect(groupOf(withRule({ user: ' ', pid: ' 7 ' })).members[0].rule).toEqual({ pid: 7 });
    expect(groupOf(withRule({ pid: '7x' })).members[0].rule).toEqual({ pid: '7x' });
  });

  test('can be tried where a rule says something, and not where it would match everything', () => {
    expect(isTriable(blankMember(0))).toBe(false);
    expect(isTriable(withRule({ pid: 'self' }).members[0])).toBe(false);
    expect(isTriable(withRule({ exe: 'a' }).members[0])).toBe(true);
  });

  test('is unchanged when it says the same', () => {
    const draft = draftOf(GROUP);
    const [first, ...rest] = draft.members;
    expect(sameDraft(draft, { ...draft, members: [{ ...first, id: 9, name: 'Front ' }, ...rest] })).toBe(
      true,
    );
    expect(sameDraft(draft, { ...draft, members: [...rest, first] })).toBe(false);
    expect(sameDraft(NEW_DRAFT, draft)).toBe(false);
  });

  test('is told at once where its name cannot be, or is taken', () => {
    expect(nameFault('shop', ['other'])).toBeNull();
    expect(nameFault('shop', ['shop'])?.text).toContain('already');
    for (const name of ['', 'a b', 'system', NEW_GROUP]) expect(nameFault(name, [])?.field).toBe('name');
    expect(groupPath('a b/c')).toBe('/api/v1/watch-groups/a%20b%2Fc');
  });
});
