import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { WATCH_RULE_FIELDS } from '../../server/domain/watch-group.ts';
import { EXAMPLE_CONFIG } from '../../server/interfaces/cli/commands/config.ts';
import { decodeConfig } from '../../server/interfaces/http/schemas/config.ts';
import { configJsonSchema, keysOf } from './what-code-says.ts';

const FILE = 'docs/config.schema.json';
const docs = readFileSync('docs/config.md', 'utf8');

describe('docs/config', () => {
  test('schema.json is the schema that files are checked by (else: UPDATE_DOCS=1 make test)', () => {
    const schema = configJsonSchema();
    if (process.env.UPDATE_DOCS) writeFileSync(FILE, JSON.stringify(schema, null, 2));
    expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(JSON.parse(JSON.stringify(schema)));
  });

  test('md has every key that a file may have, and no other', () => {
    const told = [...docs.matchAll(/^\| `([\w.[\]]+)` \|/gm)].map(([, key]) => key);
    expect(told).toEqual(keysOf(configJsonSchema()).map(([path]) => path));
    for (const { id } of WATCH_RULE_FIELDS) expect(told).toContain(`watch_groups[].members[].rule.${id}`);
  });

  test('md has an example that can be used, the one that the command prints', () => {
    const [, example] = /```json\n([^`]+)```/.exec(docs) ?? [];
    expect(decodeConfig(JSON.parse(example))).toEqual({
      groups: EXAMPLE_CONFIG.watch_groups,
      alertRules: EXAMPLE_CONFIG.alert_rules,
    });
  });
});
