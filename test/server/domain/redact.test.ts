import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COMMAND_MODES, CUT_MARK, cutCommand, recordCommand } from '../../../server/domain/command-mode.ts';
import { redactArguments, redactLine } from '../../../server/domain/redact.ts';
import { SECRET_PROGRAMS } from '../../../server/domain/secret-programs.ts';
import { SECRET_HINT, SECRET_SHAPES, SECRET_WORDS } from '../../../server/domain/secret-rules.ts';
import { escapeText, unescapeToBytes } from '../../../server/domain/text-notation.ts';

function readLines<Line>(name: string): Line[] {
  const text = readFileSync(new URL(`../../fixtures/redaction/${name}.jsonl`, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

const secrets = readLines<{ readonly argv: readonly string[]; readonly recorded: string }>('secrets');
const harmless = readLines<readonly string[]>('harmless');
/** Each secret of the golden file holds one of these. */
const SECRET = /S3|CR3T|EXAMPLE|UzND/;

const redacted = { mode: 'redacted', longest: null } as const;

describe('the golden file', () => {
  test('has at least 150 commands with and 150 without a secret', () => {
    expect(secrets.length).toBeGreaterThanOrEqual(150);
    expect(harmless.length).toBeGreaterThanOrEqual(150);
    expect(secrets.filter(({ argv }) => !SECRET.test(argv.join(' ')))).toEqual([]);
  });

  test('at least 98 % of its secrets are masked, and each command as it was looked at', () => {
    const leaks = secrets.filter(({ argv }) => SECRET.test(recordCommand(argv, redacted)));
    const recall = 1 - leaks.length / secrets.length;
    console.info(`recall ${(recall * 100).toFixed(1)} % of ${secrets.length} commands`);
    expect(recall).toBeGreaterThanOrEqual(0.98);
    for (const { argv, recorded } of secrets) expect(recordCommand(argv, redacted)).toBe(recorded);
  });

  test('at most 2 % of the commands without a secret are changed', () => {
    const changed = harmless.filter((argv) => recordCommand(argv, redacted) !== argv.join(' '));
    console.info(`${changed.length} of ${harmless.length} harmless commands are changed`);
    expect(changed.length / harmless.length).toBeLessThanOrEqual(0.02);
  });

  test('as ps(1) tells them, in one line, 95 % of its secrets are masked', () => {
    const leaks = secrets.filter(({ argv }) => SECRET.test(redactLine(argv.join(' '))));
    expect(1 - leaks.length / secrets.length).toBeGreaterThanOrEqual(0.95);
  });
});

describe('never masked', () => {
  test.each([
    ['--debug_port=2043'],
    ['cat', '/etc/secrets/x.pem'],
    ['-user', 'admin'],
    ['--tokenizer=bert'],
    ['keyboard'],
    ['monkey=1'],
  ])('%j', (...argv) => {
    expect(redactArguments(['app', ...argv])).toEqual(['app', ...argv]);
    expect(redactLine(argv.join(' '))).toBe(argv.join(' '));
  });
});

describe('the rules', () => {
  const rules = [...SECRET_WORDS, ...SECRET_SHAPES, ...SECRET_PROGRAMS];

  test('have ids of their own and say what they match', () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    expect(rules.filter(({ matches, example }) => !matches || !example)).toEqual([]);
  });

  test.each(rules.map(({ id, example }) => [id, example]))('%s masks its own example', (id, example) => {
    const asWords = id === 'shape:pem' ? ['app', example] : ['app', ...example.split(' ')];
    for (const masked of [recordCommand(asWords, redacted), redactLine(example)]) {
      expect(masked).toContain('********');
      expect(masked).not.toContain('S3CR3T');
    }
  });
});

/** Command lines made of what the rules look at, so that they meet in every order. */
const pieces = fc.constantFrom(
  ...[
    'mysql',
    'curl',
    'sshpass',
    '-p',
    '-u',
    '-pX',
    '-a',
    'sh',
    '-c',
    '--password',
    '-token',
    'auth',
    '--auth',
  ],
  ...[
    '=',
    ':',
    ': ',
    ' ',
    '"',
    "'",
    '\\\\',
    '\\x0a',
    '?',
    '&',
    ';',
    ',',
    '/',
    '@',
    '://',
    '********',
    'user',
    'a',
  ],
  ...[
    'password',
    'token',
    'Authorization',
    'Bearer',
    'Basic',
    'session',
    'dXNlcjpTM0NSM1Q=',
    'S3CR3T',
    '0',
    '{',
    '}',
  ],
  ...[
    '-----BEGIN PRIVATE KEY-----',
    '-----END PRIVATE KEY-----',
    'AKIAIOSFODNN7EXAMPLE',
    'eyJhbGciOi',
    'ü',
    '=1',
  ],
);
const madeArgument = fc.array(pieces, { maxLength: 7 }).map((parts) => parts.join(''));
const anyArgument = fc.oneof(
  madeArgument,
  madeArgument,
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => escapeText(text)),
);
const anyArguments = fc.array(anyArgument, { maxLength: 6 });
const RUNS = { numRuns: 4000 };

describe('any arguments', () => {
  test('come back as many, and twice redacted is once redacted', () => {
    fc.assert(
      fc.property(anyArguments, (argv) => {
        const once = redactArguments(argv);
        expect(once).toHaveLength(argv.length);
        expect(redactArguments(once)).toEqual(once);
      }),
      RUNS,
    );
  });

  test('without anything that a rule needs are left as they are, also by a closer look', () => {
    fc.assert(
      fc.property(anyArguments, (argv) => {
        if (SECRET_HINT.test(argv.join(' '))) return;
        expect(redactArguments(argv)).toEqual(argv);
        expect(redactLine(argv.join(' '))).toBe(argv.join(' '));
      }),
      RUNS,
    );
  });

  test('hide the value of --password whatever stands before and after it', () => {
    fc.assert(
      fc.property(
        anyArguments,
        anyArguments,
        fc.constantFrom('--password=', '--api_key='),
        (before, after, key) => {
          const argv = ['app', ...before, `${key}c4n4ry`, ...after];
          expect(redactArguments(argv).join(' ')).not.toContain('c4n4ry');
        },
      ),
      RUNS,
    );
  });

  test('of half a megabyte are done with in linear time', () => {
    const parts = ['a:', '://', 'abc=', 'password=', '?a=', ' ', '"\'', 'Basic ', 'token: ', ',a'];
    for (const part of parts) {
      const text = `${part.repeat(2 ** 19 / part.length)}@`;
      expect(redactArguments(['x', text])).toHaveLength(2);
      expect(redactLine(text)).not.toBe('');
    }
  });
});

describe('what is recorded of a command', () => {
  const argv = ['/usr/bin/app', '--token', 'S3CR3T', '--port', '80'];

  test('is all of it, all but its secrets, the program, or nothing', () => {
    const all = COMMAND_MODES.map((mode) => recordCommand(argv, { mode, longest: null }));
    expect(all).toEqual([
      '/usr/bin/app --token S3CR3T --port 80',
      '/usr/bin/app --token ******** --port 80',
      '/usr/bin/app',
      '',
    ]);
  });

  test('of a title is its first word, without a secret in it', () => {
    expect(recordCommand(['postgres: bob shop'], { mode: 'argv0', longest: null })).toBe('postgres:');
    expect(recordCommand(['token=S3CR3T x'], { mode: 'argv0', longest: null })).toBe('token=********');
  });

  test('is cut after it was redacted, and marked', () => {
    expect(recordCommand(argv, { mode: 'redacted', longest: 22 })).toBe('/usr/bin/app --token *\\…');
    expect(recordCommand(argv, { mode: 'redacted', longest: 1000 })).toBe(
      '/usr/bin/app --token ******** --port 80',
    );
  });

  test('of more than 256 KiB is cut where secrets are to be looked for, and only there', () => {
    const filler = 'x'.repeat(1000);
    const many = ['app', '--password', 'S3CR3T', ...Array.from({ length: 1000 }, () => filler)];
    const recorded = recordCommand(many, redacted);
    expect(recorded.startsWith(`app --password ******** ${filler} `)).toBe(true);
    expect(recorded.endsWith(`${filler}${CUT_MARK}`)).toBe(true);
    expect(recorded.length).toBeLessThanOrEqual(256 * 1024 + CUT_MARK.length);
    const harmlessOnes = ['app', ...many.slice(3)];
    expect(recordCommand(harmlessOnes, redacted)).toBe(harmlessOnes.join(' '));
    const title = recordCommand([`token=S3CR3T ${'x'.repeat(2 ** 21)}`], redacted);
    expect(title.slice(0, 16)).toBe('token=******** x');
    expect(title.length).toBeLessThan(257 * 1024);
  });

  test('is never cut inside an escape or a pair, and is a beginning of the whole', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), fc.nat(40), (text, longest) => {
        const whole = escapeText(text);
        const cut = cutCommand(whole, longest);
        if (whole.length <= longest) expect(cut).toBe(whole);
        if (whole.length <= longest) return;
        const kept = cut.slice(0, -CUT_MARK.length);
        expect(kept.length).toBeLessThanOrEqual(longest);
        expect(kept.length).toBeGreaterThan(longest - 4);
        expect(cut.endsWith(CUT_MARK) && whole.startsWith(kept)).toBe(true);
        const bytes = Buffer.from(unescapeToBytes(kept));
        expect(Buffer.from(unescapeToBytes(whole)).subarray(0, bytes.length)).toEqual(bytes);
      }),
      { numRuns: 1000 },
    );
  });
});
