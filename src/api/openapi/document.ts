import { createDocument, type ZodOpenApiObject } from 'zod-openapi';
import packageInfo from '../../../package.json' with { type: 'json' };
import { AUDIT_PATHS } from './audit-paths.ts';
import { ORDER_PATHS } from './order-paths.ts';
import { OTHER_PATHS } from './other-paths.ts';

export interface DocumentOptions {
  readonly version?: string;
  /** Where clients reach the API; left out: wherever the document was fetched from. */
  readonly publicUrl?: string;
}

/** The OpenAPI 3.1 document of the whole API, made from the same schemas that check the input. */
export function openApiDocument({ version = packageInfo.version, publicUrl }: DocumentOptions = {}): object {
  return createDocument(describe(version, publicUrl), {
    // zod's patterns for times and ids fill half a page each and say no more than their format.
    override: ({ jsonSchema }) => {
      if (jsonSchema.format === 'date-time' || jsonSchema.format === 'uuid') delete jsonSchema.pattern;
    },
  });
}

function describe(version: string, publicUrl: string | undefined): ZodOpenApiObject {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Turnup',
      version,
      description:
        'Takes an order from a CRM and turns it into a working telephone subscriber on a voice platform. Errors are RFC 9457 problem details with a stable `code`. A client sees its own orders; an operator sees all.',
    },
    servers: [{ url: publicUrl ?? '/' }],
    security: [{ token: [] }],
    tags: [
      { name: 'Orders', description: 'What the CRM asks for, and what became of it.' },
      { name: 'Targets', description: 'The platform installations.' },
      { name: 'Audits', description: 'Whether the targets have what Turnup was told to have there.' },
      { name: 'Collections', description: 'Files that are fetched from operators by SFTP.' },
      { name: 'Operation', description: 'Health, metrics, documentation.' },
    ],
    paths: { ...ORDER_PATHS, ...AUDIT_PATHS, ...OTHER_PATHS },
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'The token of a configured client or operator.' },
      },
    },
  };
}
