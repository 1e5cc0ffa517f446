import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderConfigReference } from '../../src/config/index.ts';
import { PLATFORMS } from '../../src/platforms/registry.ts';
import { renderAnswerReference } from './answer-reference.ts';
import { renderCoverage } from './coverage-reference.ts';
import { renderLifeCycle } from './life-cycle/render.ts';
import { STORIES } from './life-cycle/stories.ts';
import { renderErrorReference } from './error-reference.ts';
import { renderOrderReference } from './order-reference.ts';

export interface GeneratedPage {
  /** From the root of the project. */
  readonly path: string;
  readonly text: string;
}

const ROOT = new URL('../../', import.meta.url);

const fileOf = (page: GeneratedPage): string => fileURLToPath(new URL(page.path, ROOT));

/** All pages that are made from code. */
export async function generatedPages(): Promise<GeneratedPage[]> {
  const lives = PLATFORMS.flatMap((platform) => {
    const chapters = STORIES[platform.name];
    return chapters ? [{ platform, chapters }] : [];
  });
  return [
    { path: 'docs/reference/answers.md', text: renderAnswerReference() },
    { path: 'docs/reference/configuration.md', text: renderConfigReference() },
    { path: 'docs/reference/errors.md', text: renderErrorReference() },
    { path: 'docs/reference/order.md', text: renderOrderReference() },
    ...PLATFORMS.flatMap((platform) => {
      const text = renderCoverage(platform);
      return text === null ? [] : [{ path: `docs/coverage/${platform.name}.md`, text }];
    }),
    ...PLATFORMS.flatMap(({ name, wireProfile }) =>
      wireProfile
        ? [
            {
              path: `docs/reference/${name}-profile.schema.json`,
              text: `${JSON.stringify(wireProfile.jsonSchema(), null, 2)}\n`,
            },
          ]
        : [],
    ),
    ...(await Promise.all(
      lives.map(async ({ platform, chapters }) => ({
        path: `docs/life-cycle/${platform.name}.md`,
        text: await renderLifeCycle(platform, chapters),
      })),
    )),
  ];
}

/** Pages whose file is missing or says something else than the code. */
export async function stalePages(): Promise<GeneratedPage[]> {
  const stale: GeneratedPage[] = [];
  for (const page of await generatedPages()) {
    const text = await readFile(fileOf(page), 'utf8').catch(() => null);
    if (text !== page.text) stale.push(page);
  }
  return stale;
}

export async function writePages(pages: readonly GeneratedPage[]): Promise<void> {
  for (const page of pages) {
    const file = fileOf(page);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, page.text);
  }
}
