import { z } from 'zod';
import { FILE_STATES, RUN_OUTCOMES } from '../../collector/model.ts';
import { failure, pageOf, time } from './views.ts';

/* What the API answers about collections, as schemas. A test holds them to the types that the code answers with. */

const count = (description: string) => z.int().meta({ description });

const connection = z
  .object({
    localAddress: z.string().meta({ description: 'Of this machine.' }),
    remoteAddress: z.string(),
    hostKey: z.string().meta({ description: 'Fingerprint of the key that the server showed.' }),
    keyExchange: z.string(),
    hostKeyAlgorithm: z.string(),
    cipher: z.string(),
    mac: z.string().meta({ description: '`implicit` where the cipher has one of its own.' }),
    strictKeyExchange: z.boolean(),
    factors: z.array(z.string()).meta({ description: 'In the order in which the server asked.' }),
  })
  .meta({ id: 'CollectionConnection', description: 'What the two sides settled on.' });

const run = z
  .object({
    id: z.string(),
    by: z.string().meta({ description: '`schedule` or `operator:<name>`.' }),
    startedAt: time(),
    endedAt: time(),
    outcome: z.enum(RUN_OUTCOMES).meta({
      description:
        '`done`: all that was whole is here. `more`: ended at a limit, the next goes on. `failed`: see `error`. `stopped`: its process ended, another goes on.',
    }),
    counts: z.object({
      fetched: count('Files that came whole.'),
      handedOver: count('Files that are ready.'),
      refused: count('Files that are too large or damaged.'),
      gone: count('Files that changed or vanished before they were fetched.'),
      waiting: count('Files that are not known to be whole yet, or without their checksum.'),
      skipped: count('Names that cannot be used.'),
      bytes: count('Bytes that came.'),
    }),
    error: failure.nullable(),
    connection: connection.nullable().meta({ description: 'Null when none was made.' }),
  })
  .meta({ id: 'CollectionRun', description: 'A run that has ended.' });

const amount = z.object({ total: z.int(), done: z.int() });

const progress = z
  .object({
    id: z.string(),
    by: z.string(),
    startedAt: time(),
    phase: z.enum(['connecting', 'listing', 'settling', 'fetching', 'handingOver']),
    files: amount,
    bytes: amount,
  })
  .meta({ id: 'CollectionProgress', description: 'How far a run is.' });

const viewMembers = {
  name: z.string(),
  host: z.string(),
  port: z.int(),
  folder: z.string().meta({ description: 'On the server.' }),
  schedule: z.string().meta({ examples: ['every 5m', '*/15 * * * * (Europe/Rome)'] }),
  nextRunAt: time().nullable().meta({ description: 'Null when no worker has planned it.' }),
  state: z.enum(['idle', 'running', 'held']),
  held: z
    .object({ ...failure.shape, at: time() })
    .nullable()
    .meta({ description: 'Why no run begins by itself; a run that is started by hand tries again.' }),
  run: progress.nullable(),
  lastRun: run.nullable(),
  lastGoodAt: time().nullable().meta({ description: 'When a run last did what it was there for.' }),
  files: z.record(z.enum(FILE_STATES), z.int()).meta({ description: 'How many files are in which state.' }),
};

const collectionView = z
  .object(viewMembers)
  .meta({ id: 'Collection', description: 'A source that files are collected from.' });

export const collectionDetail = z
  .object({ ...viewMembers, runs: z.array(run).meta({ description: 'Newest first, 20 at most.' }) })
  .meta({ id: 'CollectionDetail', description: 'A source and its last runs.' });

export const collectionPage = pageOf(collectionView, 'In the order of the configuration.').meta({
  id: 'CollectionPage',
});

const collectedFile = z
  .object({
    id: z.string(),
    path: z.string().meta({ description: 'Below the folder of the source.' }),
    size: count('Bytes.'),
    modifiedAt: time('At the source.'),
    state: z.enum(FILE_STATES).meta({
      id: 'CollectedFileState',
      description:
        '`seen`: whole at the source. `fetching`. `stored`: complete on the disk. `handedOver`: ready, with its records. `refused`: too large or damaged. `gone`: changed or vanished before it was fetched.',
    }),
    seenAt: time(),
    local: z.string().nullable().meta({ description: 'Below `files` of the local folder.' }),
    sha256: z.string().nullable(),
    storedAt: time().nullable(),
    handedOverAt: time().nullable(),
    records: z.object({ good: z.int(), rejected: z.int() }).nullable(),
    sameAs: z.string().nullable().meta({
      description: 'The file of this path that had the same content and was handed over; this one was not.',
    }),
    error: failure.nullable(),
    removedAt: time().nullable().meta({ description: 'When the local copy was removed, its time over.' }),
    deletedAtSourceAt: time().nullable(),
  })
  .meta({ id: 'CollectedFile', description: 'A file of a source, by path, size and time.' });

export const collectedFilePage = pageOf(collectedFile, 'Newest first, in the order of their discovery.').meta({
  id: 'CollectedFilePage',
});

export const startedCollection = z
  .object({ id: z.string().meta({ description: 'Of the run.' }), source: z.string() })
  .meta({ id: 'StartedCollection' });
