import { SECRET_PROGRAMS } from './secret-programs.ts';
import type { SecretRule } from './secret-rule.ts';

/**
 * What is taken for a secret in a command line, all of it data: words that name one, shapes that are one; options of
 * programs that take one are in secret-programs.ts. `pmi redact --preview` prints these tables, redact.ts applies them.
 */

/** A word that names a secret: `--WORD value`, `WORD=value`, `-WORD:value`. Case, `-` and `_` make no difference. */
export interface SecretWord extends SecretRule {
  /** The word in lower case, its parts joined by `_`. */
  readonly word: string;
  /** `anywhere` in a name (`--password-prod`), or only as its `last` part (`--auth-token`, but not `--token-limit`). */
  readonly place: 'anywhere' | 'last';
  /** Also at the end of a longer part: `PGPASSWORD`. */
  readonly compound: boolean;
  /** It also names files, addresses and settings: a path, a port or a setting is then no secret. */
  readonly ordinary: boolean;
}

/** A text that is a secret wherever it stands. The expression is global; a group `keep` before it stays. */
export interface SecretShape extends SecretRule {
  readonly shape: RegExp;
  /** Source of an expression that every text with the shape in it matches, and hardly any other. */
  readonly hint: string;
}

type Traits = Partial<Pick<SecretWord, 'place' | 'compound' | 'ordinary'>>;

function word(text: string, traits: Traits = {}): SecretWord {
  const { place = 'anywhere', compound = false, ordinary = false } = traits;
  const where = compound ? `${text}, also …${text}` : text;
  const matches = `a name ${place === 'last' ? 'that ends with' : 'with'} ${where}`;
  const example = `--${text.replaceAll('_', '-')} S3CR3T`;
  return { id: `word:${text}`, word: text, place, compound, ordinary, matches, example };
}

const COMPOUND: Traits = { compound: true };
const LAST: Traits = { place: 'last' };
const LAST_COMPOUND: Traits = { place: 'last', compound: true };
const LAST_ORDINARY: Traits = { place: 'last', ordinary: true };

export const SECRET_WORDS: readonly SecretWord[] = [
  word('password', COMPOUND),
  word('passwd', COMPOUND),
  word('passphrase', COMPOUND),
  word('pword', COMPOUND),
  word('secret', COMPOUND),
  word('secret_id'),
  word('secret_key'),
  word('api_key'),
  word('apikey', COMPOUND),
  word('access_key'),
  word('account_key'),
  word('auth_key'),
  word('authkey', COMPOUND),
  word('shared_key'),
  word('signing_key'),
  word('encryption_key'),
  word('master_key'),
  word('private_key', { ordinary: true }),
  word('credential', { ordinary: true }),
  word('credentials', { ordinary: true }),
  word('pass', LAST_COMPOUND),
  word('pwd', LAST_COMPOUND),
  word('token', LAST_COMPOUND),
  word('pw', LAST),
  word('bearer', LAST),
  word('jwt', LAST),
  word('session_id', LAST),
  word('sessionid', LAST_COMPOUND),
  word('masterauth'),
  word('auth', LAST_ORDINARY),
  word('authorization', LAST_ORDINARY),
  word('session', LAST_ORDINARY),
  word('cookie', LAST_ORDINARY),
];

function shape(id: string, hint: string, matches: string, example: string, expression: RegExp): SecretShape {
  return { id: `shape:${id}`, hint, matches, example, shape: expression };
}

export const SECRET_SHAPES: readonly SecretShape[] = [
  shape(
    'pem',
    'PRIVATE KEY',
    'a private key in PEM',
    '-----BEGIN RSA PRIVATE KEY-----',
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----(?:.*?-----END [A-Z0-9 ]{0,60}-----|.*)/gs,
  ),
  shape(
    'url-password',
    '://',
    'the password in a URL',
    'postgres://user:S3CR3T@host/db',
    /(?<keep>:\/\/[^\s/?#@:"']{0,200}:)[^\s/?#"']{1,400}(?=@)/g,
  ),
  shape(
    'url-odd-password',
    '://',
    'a password with a slash in a URL',
    'amqp://user:S3/CR3T@host',
    /(?<keep>:\/\/[^\s/?#@:"']{0,200}:)(?!\d{1,5}(?:[/?#]|$))[^\s"'@]{1,200}@*(?=@)/g,
  ),
  shape(
    'url-token',
    '://',
    'a long name without a password in a URL',
    'https://0123456789abcdef0123@host',
    /(?<keep>https?:\/\/)[\w-]{20,}(?=@)/g,
  ),
  shape(
    'user-at-host',
    '@',
    'user:password@host',
    'user:S3CR3T@db.internal',
    /(?<keep>(?<![\w.:@-])[\w.-]{1,64}:)(?!\/\/)[^\s@:/"']{1,200}(?=@(?:(?:tcp|unix)\(|\d{1,3}(?:\.\d{1,3}){3}|(?!sha\d)[A-Za-z][\w.-]*(?:[:/]|$)))/g,
  ),
  shape(
    'aws-key',
    'AKIA|ASIA',
    'an AWS access key id',
    'AKIAIOSFODNN7EXAMPLE',
    /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  ),
  shape(
    'jwt',
    'eyJ',
    'a JSON web token',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
    /\beyJ[\w-]{6,}[\w.=+/-]*/g,
  ),
  shape(
    'vendor-token',
    'gh[pousr]_|github_pat|glpat-|xox|[rs]k_|sk-|AIza|ya29|hf_|npm_|SG\\.|hv[sbr]\\.|:AA',
    'tokens of GitHub, GitLab, Slack, Stripe, OpenAI, Google, Hugging Face, npm, SendGrid, Vault, Telegram',
    'ghp_0123456789abcdef0123456789abcdef0123',
    /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{15,}|xox[abeoprs]-[\w-]{10,}|[rs]k_(?:live|test)_\w{10,}|sk-[\w-]{20,}|AIza[\w-]{30,}|ya29\.[\w-]{10,}|hf_\w{20,}|npm_\w{30,}|SG\.[\w-]{16,}\.[\w-]{16,}|hv[sbr]\.[\w-]{20,}|\d{8,10}:AA[\w-]{30,})/g,
  ),
  shape(
    'webhook',
    '/services/|/webhooks/',
    'the address of a Slack or Discord webhook',
    'https://hooks.slack.com/services/T000/B000/S3CR3T',
    /(?<keep>(?:hooks\.slack\.com\/services|discord(?:app)?\.com\/api\/webhooks)\/)[\w/-]+/g,
  ),
  shape(
    'bearer',
    'Bearer',
    'what follows Bearer',
    'Bearer S3CR3T',
    /(?<keep>\bBearer(?:\s|%20|\+)+)[^\s"'&]{6,}/gi,
  ),
  shape(
    'basic',
    'Basic',
    'base64 that follows Basic',
    'Basic dXNlcjpTM0NSM1Q=',
    /(?<keep>\bBasic(?:\s|%20|\+)+)(?=[\w+/]*[a-z])(?=[\w+/]*[A-Z0-9])[A-Za-z0-9+/]{8,}={0,2}/g,
  ),
];

/** Every command that any rule would change matches this; most others do not. */
export const SECRET_HINT = new RegExp(
  [
    ...SECRET_WORDS.map((secret) => secret.word.replace('_', '[-_.]?')),
    ...SECRET_SHAPES.map(({ hint }) => hint),
    ...SECRET_PROGRAMS.map((secret) => secret.program.source.replace(/^\^|\$$/g, '')),
  ].join('|'),
  'i',
);
