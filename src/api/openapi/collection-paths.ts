import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { FILE_STATES } from '../../collector/model.ts';
import { collectedFilePage, collectionDetail, collectionPage, startedCollection } from './collection-views.ts';
import { page } from './parameters.ts';
import { answer, ANYWHERE, refusals } from './responses.ts';

const path = z.object({ source: z.string().meta({ description: 'Name of the collection.', examples: ['cdr'] }) });

const wish = z
  .object({
    since: z
      .union([z.iso.datetime({ offset: true }), z.iso.date()])
      .optional()
      .meta({ description: 'Only files of this time or later at the source.' }),
  })
  .meta({ id: 'CollectionWish' });

export const COLLECTION_PATHS: ZodOpenApiPathsObject = {
  '/v1/collections': {
    get: {
      tags: ['Collections'],
      operationId: 'listCollections',
      summary: 'List collections',
      description: 'For operators.',
      responses: { '200': answer('All of them.', collectionPage), ...refusals([...ANYWHERE, 'TURNUP_FORBIDDEN']) },
    },
  },
  '/v1/collections/{source}': {
    get: {
      tags: ['Collections'],
      operationId: 'readCollection',
      summary: 'Read a collection',
      description: 'What runs, how far it is, what ran last and why it is held. For operators.',
      requestParams: { path },
      responses: {
        '200': answer('The source and its last runs.', collectionDetail),
        ...refusals([...ANYWHERE, 'TURNUP_FORBIDDEN', 'TURNUP_NOT_FOUND']),
      },
    },
  },
  '/v1/collections/{source}/files': {
    get: {
      tags: ['Collections'],
      operationId: 'listCollectedFiles',
      summary: 'List files of a collection',
      description: 'Needs the role `operator`: names of files may carry telephone numbers.',
      requestParams: { path, query: z.object({ state: z.enum(FILE_STATES).optional(), ...page(50) }) },
      responses: {
        '200': answer('One page.', collectedFilePage),
        ...refusals([...ANYWHERE, 'TURNUP_FORBIDDEN', 'TURNUP_NOT_FOUND', 'TURNUP_INVALID_REQUEST']),
      },
    },
  },
  '/v1/collections/{source}/runs': {
    post: {
      tags: ['Collections'],
      operationId: 'startCollection',
      summary: 'Start a run',
      description:
        'Releases a source that is held, and tries files again that were refused. Needs the role `operator`. What becomes of it is told by `GET /v1/collections/{source}`.',
      requestParams: { path },
      requestBody: { required: true, content: { 'application/json': { schema: wish } } },
      responses: {
        '202': answer('A worker takes it up.', startedCollection),
        ...refusals([
          ...ANYWHERE,
          'TURNUP_FORBIDDEN',
          'TURNUP_NOT_FOUND',
          'TURNUP_COLLECTION_BUSY',
          'TURNUP_MALFORMED_REQUEST',
          'TURNUP_TOO_LARGE',
          'TURNUP_UNSUPPORTED_MEDIA_TYPE',
          'TURNUP_INVALID_REQUEST',
        ]),
      },
    },
  },
};
