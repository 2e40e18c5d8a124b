import { escapeBytes } from '../../../../server/domain/text-notation.ts';

/** Names that processes have given themselves, as bytes; their numbers are those of the review's vectors. */
const LATIN1: Readonly<Record<string, string>> = {
  V1: ') (x) R 1',
  V2: 'a\nb',
  V3: '\x1b]0;pwn\x07',
  V4: '\xff\xfe\x80bad',
  V6: 'kworker/0:1-ev',
  V7: '((sd-pam))',
  V8: 'Web Content',
  V9: 'back\\slash',
  V10: 'tab\there\r',
  V11: '=1+1',
  V12: 'a,b"c',
  V13: '%s%n<script>',
  V14: '__proto__',
  V15: 'constructor',
  V16: '\xc2\x9b31m',
  V17: '\xe2\x80\xaegpj.exe',
  V18: 'A\x00B',
  V19: `x ${'A'.repeat(131_071)}`,
  V21: ' --empty-argv0',
  V24: '\x1b[2J\x1b[H \x1b]8;;http://evil\x07click\x1b]8;;\x07 \x1bP+q\x1b\\',
  V25: '\xe2\x80\xa8</script><!--',
  V26: '\xed\xa0\x80',
  V27: 'ok\xe2\x82',
  V28: '<img src=x onerror=alert(1)>',
  V31: '<a href="https://evil.example" target="_self">OK</a>',
  V33: '<svg onload=alert(1)>',
  V34: '&lt;b&gt; &amp;lt;',
  V35: '%{x}$\x7bx}%{customdata}',
  V36: '$\\href{javascript:alert(1)}{x}$',
  V37: "'; DROP TABLE t;--",
  V38: 'a|curl evil && b > /etc/passwd',
  V39: '$(id)`id`',
  V40: "{{constructor.constructor('alert(1)')()}}",
  isolates: '\xe2\x81\xa6a\xe2\x81\xa9 \xe2\x80\x8fmarks',
  del: 'rub\x7fout\xc2\x85next',
};

export const HOSTILE_NAMES = Object.keys(LATIN1);

/** As a recorder writes it. */
export function inDumpNotation(name: string): string {
  return escapeBytes(Buffer.from(LATIN1[name] ?? '', 'latin1'));
}
