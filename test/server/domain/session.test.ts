import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryInspectorError } from '../../../server/domain/errors.ts';
import type { Session, SessionTrace } from '../../../server/domain/session.ts';
import {
  decodeSession,
  encodeSession,
  isSessionLabel,
  isSessionName,
  lostBegin,
  SESSION_STATES,
  settleSession,
} from '../../../server/domain/session.ts';

const STARTED = Date.UTC(2026, 0, 15, 12);

const SESSION: Session = {
  name: 'before',
  label: 'the old release',
  group: 'web',
  interval_seconds: 1,
  duration_seconds: 60,
  started: STARTED,
  ended: null,
  state: 'recording',
  peak_used_bytes: null,
  said: null,
};

const NOTHING: SessionTrace = { samples: 0, bytes: 0, last: null, isHeld: false };

describe('the name of a session', () => {
  test('is letters, digits, dots, dashes and underscores, at most 60', () => {
    for (const name of ['a', '1', 'before-1.2_b', `a${'b'.repeat(59)}`])
      expect(isSessionName(name), name).toBe(true);
  });

  test('is never a path, hidden, empty, too long or a word of the routes', () => {
    const hostile = [
      ...[
        '',
        '.',
        '..',
        '../x',
        'a/b',
        '/etc',
        'a\\b',
        '.hidden',
        '-rf',
        '_x',
        'a b',
        'a\nb',
        'a\0',
        'é',
        'compare',
      ],
      ...[`a${'b'.repeat(60)}`, 'a%2fb', '$(id)', '~', 'a:b', 'con\u202egnp'],
    ];
    for (const name of hostile) expect(isSessionName(name), JSON.stringify(name)).toBe(false);
  });
});

test('a label is one line of at most 200 characters', () => {
  expect(isSessionLabel('vor dem Fix – größer')).toBe(true);
  for (const label of ['a\nb', 'a\u001b[31m', 'a\u2028b', 'x'.repeat(201)])
    expect(isSessionLabel(label)).toBe(false);
});

describe('the file of a session', () => {
  const anySession = fc.record({
    name: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$/).filter(isSessionName),
    label: fc.option(fc.string({ maxLength: 200 }).filter(isSessionLabel)),
    group: fc.option(fc.string({ minLength: 1 })),
    interval_seconds: fc.double({ min: 0.1, max: 60, noNaN: true }),
    duration_seconds: fc.integer({ min: 1, max: 86_400 }),
    started: fc.integer({ min: 0, max: 4e12 }),
    ended: fc.option(fc.integer({ min: 0, max: 4e12 })),
    state: fc.constantFrom(...SESSION_STATES),
    peak_used_bytes: fc.option(fc.maxSafeNat()),
    said: fc.option(fc.string()),
  });

  test('is read as it was written', () => {
    fc.assert(
      fc.property(anySession, (session) => {
        expect(decodeSession(encodeSession(session), 'f')).toEqual(session);
      }),
    );
  });

  test('with fields that nobody knows is read without them', () => {
    const text = JSON.stringify({ ...JSON.parse(encodeSession(SESSION)), colour: 'red' });
    expect(decodeSession(text, 'f')).toEqual(SESSION);
  });

  const wrong: readonly (readonly [string, unknown])[] = [
    ...(['../x', 7, null] as const).map((name) => ['name', name] as const),
    ...[
      ['label', 'a\nb'],
      ['group', ''],
      ['interval_seconds', 0],
      ['interval_seconds', '1'],
      ['duration_seconds', 1e9],
      ['started', 'yesterday'],
      ['started', null],
      ['ended', 'never'],
      ['state', 'paused'],
      ['peak_used_bytes', '1'],
      ['said', 3],
    ].map(([field, value]) => [String(field), value] as const),
  ];

  test.each(wrong)('whose %s is %j is refused, and the field is named', (field, value) => {
    const text = JSON.stringify({ ...JSON.parse(encodeSession(SESSION)), [field]: value });
    expect(() => decodeSession(text, 'before/session.json')).toThrow(`before/session.json: ${field} is`);
  });

  test('that is no JSON, or no object, is refused', () => {
    for (const text of ['', '{', 'null', '[]', '"a"', '\0'])
      expect(() => decodeSession(text, 'f'), text).toThrow(MemoryInspectorError);
  });
});

describe('a session that says it records', () => {
  const last = (seconds: number): SessionTrace => ({
    ...NOTHING,
    samples: 9,
    last: STARTED + seconds * 1000,
  });
  const settled = (trace: SessionTrace, seconds = 3600) => {
    const { state, ended } = settleSession(SESSION, trace, STARTED + seconds * 1000);
    return [state, ended && (ended - STARTED) / 1000];
  };

  test('does so while somebody records into its folder', () => {
    expect(settled({ ...last(20), isHeld: true })).toEqual(['recording', null]);
  });

  test('is interrupted since its last sample where nobody does', () => {
    expect(settled(last(20))).toEqual(['interrupted', 20]);
  });

  test('is done where its last sample is one of its last', () => {
    expect(settled(last(59))).toEqual(['done', 59]);
    expect(settled(last(57))).toEqual(['done', 57]);
    expect(settled(last(50))).toEqual(['interrupted', 50]);
  });

  test('is given some seconds to begin', () => {
    expect(settled(NOTHING, 5)).toEqual(['recording', null]);
    expect(settled(NOTHING, 11)).toEqual(['interrupted', 0]);
  });

  test('and one that is over stays as it is', () => {
    const stopped: Session = { ...SESSION, state: 'stopped', ended: STARTED + 5000 };
    expect(settleSession(stopped, last(20), STARTED + 1e6)).toBe(stopped);
  });
});

test('a session tells how much of its begin is gone', () => {
  const started = new Date(STARTED).toISOString();
  const first = (seconds: number) => new Date(STARTED + seconds * 1000).toISOString();
  const lost = (seconds: number) => lostBegin({ started, interval_seconds: 1 }, first(seconds));
  expect([lost(0), lost(12), lost(14), lost(90)]).toEqual([0, 0, 14, 90]);
});
