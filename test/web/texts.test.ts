import { describe, expect, test } from 'vitest';
import { heatOf } from '../../server/domain/heat.ts';
import { toRgb } from '../../web/lib/colours.ts';
import { escapeMarkup } from '../../web/lib/markup.ts';
import { countOf, exactBytes, formatCount, formatShare } from '../../web/lib/numbers.ts';
import { briefName, processName, shorten, shortName } from '../../web/lib/process-text.ts';

describe('Numbers', () => {
  test('stand in groups of three, and say what they count', () => {
    expect(formatCount(1_234_567)).toBe('1\u202f234\u202f567');
    expect(countOf(1, 'gap', 'gaps')).toBe('1 gap');
    expect(countOf(0, 'gap', 'gaps')).toBe('0 gaps');
  });

  test('are 100 % only when nothing is missing', () => {
    expect([1, 0.99999, 0.992, 0].map(formatShare)).toEqual(['100 %', '99.9 %', '99.2 %', '0.0 %']);
  });

  test('tell the exact figure behind a rounded one', () => {
    expect(exactBytes(1_536 * 1024)).toBe('1.50 MiB (1\u202f536 KiB)');
    expect(exactBytes(null)).toBe('unknown');
  });

  test('are shaded more the larger their share, and not at all when unknown', () => {
    expect(heatOf(null, 100)).toBe(0);
    expect(heatOf(10, null)).toBe(0);
    expect(heatOf(4, 100)).toBeCloseTo(0.2);
    expect(heatOf(200, 100)).toBe(1);
  });
});

describe('Names', () => {
  test('fall back to the name of the thread, in brackets', () => {
    expect(processName({ cmd: '', comm: 'kworker/0:1' })).toEqual({
      text: '[kworker/0:1]',
      isBracketed: true,
    });
    expect(processName({ cmd: null }).text).toBe('[]');
  });

  test('show what the notation means, never what it does', () => {
    expect(processName({ cmd: '\\x1b]0;pwn\\x07' }).text).toBe('\\x1b]0;pwn\\x07');
    expect(processName({ cmd: 'a\\\\b' }).text).toBe('a\\b');
    expect(processName({ cmd: '\u202egpj.exe' }).text).toBe('\\u{202e}gpj.exe');
  });

  test('are shortened to the program, by characters and not by halves of them', () => {
    expect(shortName({ cmd: '/usr/bin/node server.js' })).toBe('node');
    expect(shortName({ cmd: '/' })).toBe('/');
    expect(shortName({ cmd: 'postgres: checkpointer ' })).toBe('postgres');
    expect(shortName({ cmd: '', comm: 'ksoftirqd/0' })).toBe('[ksoftirqd/0]');
    expect(briefName({ cmd: '/usr/bin/node /srv/server.js' })).toBe('node /srv/server.js');
    expect(briefName({ cmd: '/ x' })).toBe('/ x');
    expect(shorten('😀😀😀', 2)).toBe('😀…');
  });

  test('lose nothing but their effect when they are escaped', () => {
    expect(escapeMarkup('<a href="x">&lt;</a>')).toBe('&lt;a href="x"&gt;&amp;lt;&lt;/a&gt;');
  });
});

test('Colours that a browser has mixed are written as every drawing library reads them', () => {
  expect(toRgb('color(srgb 0 0.447059 0.698039 / 0.14)')).toBe('rgba(0,114,178,0.14)');
  expect(toRgb('rgb(1, 2, 3)')).toBe('rgb(1, 2, 3)');
});
