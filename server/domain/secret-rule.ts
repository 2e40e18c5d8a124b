/** What stands for a secret in a command line, and how to tell a person about it. */
export interface SecretRule {
  readonly id: string;
  /** For a person. */
  readonly matches: string;
  readonly example: string;
}
