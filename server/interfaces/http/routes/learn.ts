import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { CONCEPTS, conceptOf } from '../../../domain/concepts/concepts.ts';
import { MemoryInspectorError } from '../../../domain/errors.ts';
import { formOf, sendPage } from '../negotiate.ts';
import { learnAnswer, learnParams } from '../schemas/learn.ts';
import { pageQuery } from '../schemas/queries.ts';

/** What the words mean: texts of ours, the same for every host. */

const topics = CONCEPTS.map(({ id, title, short }) => ({ id, title, short }));

function unknownTopic(topic: string): MemoryInspectorError {
  return new MemoryInspectorError('no_such_route', `There is no topic ${JSON.stringify(topic)}`, {
    next: 'All topics are listed at /learn.',
  });
}

export function learnRoutes(): FastifyPluginAsyncZod {
  return async (app) => {
    const response = { 200: learnAnswer };
    const all = { summary: 'The concepts that the figures stand on', querystring: pageQuery, response };
    app.get('/learn', { schema: all }, async (request, reply) =>
      formOf(request) === 'html' ? sendPage(reply) : reply.send({ topics, topic: null }),
    );
    const one = { ...all, summary: 'One of them, as text with places for live figures', params: learnParams };
    app.get('/learn/:topic', { schema: one }, async (request, reply) => {
      const concept = conceptOf(request.params.topic);
      if (!concept) throw unknownTopic(request.params.topic);
      if (formOf(request) === 'html') return sendPage(reply);
      const { terms, text, advice, sources, ...title } = concept;
      return reply.send({
        topics,
        topic: { ...title, terms: [...terms], text: [...text], advice: [...advice], sources: [...sources] },
      });
    });
  };
}
