import type { FastifyInstance } from 'fastify';

/** Every path that the app answers, from the router itself, so that a new route cannot be forgotten. */
export function routeTable(app: FastifyInstance): readonly string[] {
  const paths: string[] = [];
  const prefixes: string[] = [];
  for (const line of app.printRoutes({ commonPrefix: false }).split('\n')) {
    const match = /^((?:[│ ] {3})*)[├└]── (\S+)(?: \((.+)\))?$/.exec(line);
    if (!match) continue;
    const [, indent, piece, methods] = match;
    const depth = indent.length / 4;
    prefixes.length = depth;
    prefixes.push((prefixes[depth - 1] ?? '') + piece);
    if (methods?.includes('GET')) paths.push(prefixes[depth]);
  }
  return paths;
}
