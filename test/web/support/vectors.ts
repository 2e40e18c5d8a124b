import { escapeBytes } from '../../../server/domain/text-notation.ts';

/** Names that processes may give themselves, as raw bytes: one character a byte. */
const RAW: readonly string[] = [
  ') (x) R 1',
  'a\nb',
  '\x1b]0;pwn\x07',
  '\xff\xfe\x80bad',
  'kworker/0:1-ev',
  '((sd-pam))',
  'Web Content',
  'back\\slash',
  'tab\there\r',
  '=1+1',
  'a,b"c',
  '%s%n<script>',
  '__proto__',
  'constructor',
  '\xc2\x9b31m',
  '\xe2\x80\xaegpj.exe',
  'A\x00B',
  `x ${'A'.repeat(131_071)}`,
  ' no argv0',
  '\0\0\0',
  '\0\0/usr/bin/docker\0-H\0fd://\0',
  '\x1b[2J\x1b[H \x1b]8;;http://evil\x07click\x1b]8;;\x07 \x1bP+q\x1b\\',
  '\xe2\x80\xa8</script><!--',
  '\xed\xa0\x80',
  'ok\xe2\x82',
  '<img src=x onerror=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="jAvAsCrIpT&colon;alert(1)">x</a>',
  '<a href="https://evil.example" target="_self">OK</a>',
  '<span style="font-size:90px">BIG</span>',
  '<svg onload=alert(1)>',
  '&lt;b&gt; &amp;lt;',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a name that tries to be a template
  '%{x}${x}%{customdata}',
  '$\\href{javascript:alert(1)}{x}$',
  "'; DROP TABLE t;--",
  'a|curl evil && b > /etc/passwd',
  '$(id)`id`',
  "{{constructor.constructor('alert(1)')()}}",
  '<b>bold</b><br><sub>x</sub>',
  '<extra>gone</extra>',
];

/** The same in dump notation. */
export const HOSTILE_NAMES: readonly string[] = RAW.map((raw) => escapeBytes(Buffer.from(raw, 'latin1')));
