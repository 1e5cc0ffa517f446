/** What is used of WebAssembly, which the types of Node leave to those of the browser. */
interface WebAssemblyApi {
  readonly Tag: new (type: { parameters: readonly string[] }) => object;
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: Readonly<Record<string, object>>): Promise<WasmInstance>;
}

export interface WasmInstance {
  readonly exports: object;
}

export const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;
