import type { Failure } from '../api.ts';

/** Why something was not done, in the server's words. */
export function failureText(failure: Failure): string {
  if (failure.kind === 'offline') return 'The server does not answer.';
  const { title, detail } = failure.problem;
  return detail === title ? `${title}.` : `${title}. ${detail}`;
}
