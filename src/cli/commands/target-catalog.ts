import { openApi, type ApiClient, type ApiOptions } from '../api-client.ts';
import { EXIT_OK, usage } from '../report.ts';

interface CatalogInput extends ApiOptions {
  readonly target: string;
  readonly what?: string;
  /** `name=value` each. */
  readonly params: readonly string[];
}

interface CatalogPage {
  readonly items: readonly {
    readonly name: string;
    readonly title: string;
    readonly params: { readonly properties?: Readonly<Record<string, unknown>>; readonly required?: readonly string[] };
  }[];
}

function queryOf(params: readonly string[]): string {
  const query = new URLSearchParams();
  for (const param of params) {
    const at = param.indexOf('=');
    if (at < 1) throw usage(`"${param}" is not of the form name=value`);
    query.append(param.slice(0, at), param.slice(at + 1));
  }
  return query.size > 0 ? `?${query.toString()}` : '';
}

function listText({ items }: CatalogPage): string {
  if (items.length === 0) return 'nothing can be read of this target';
  return items
    .map(({ name, title, params: { properties = {}, required = [] } }) => {
      const params = Object.keys(properties).map((param) => (required.includes(param) ? `${param}=` : `[${param}=]`));
      return `${[name, ...params].join(' ')}\n    ${title}`;
    })
    .join('\n');
}

async function list(api: ApiClient, path: string, json: boolean): Promise<string> {
  const page = await api.call<CatalogPage>({ method: 'GET', path });
  return json ? JSON.stringify(page, null, 2) : listText(page);
}

export async function run({ target, what, params, ...options }: CatalogInput): Promise<number> {
  const query = queryOf(params);
  const api = await openApi(options);
  const path = `/v1/targets/${encodeURIComponent(target)}/catalog`;
  if (what === undefined) console.log(await list(api, path, options.json ?? false));
  else {
    const data = await api.call({ method: 'GET', path: `${path}/${encodeURIComponent(what)}${query}` });
    console.log(JSON.stringify(data, null, 2));
  }
  return EXIT_OK;
}
