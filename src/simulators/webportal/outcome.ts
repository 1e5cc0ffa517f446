/** What a call comes to, before it is put into words. */
export type Outcome =
  | { readonly kind: 'done'; readonly id?: string }
  | { readonly kind: 'found'; readonly items: readonly unknown[] }
  | { readonly kind: 'absent' }
  | { readonly kind: 'exists'; readonly message: string }
  | { readonly kind: 'error'; readonly class: string; readonly message: string };

export const absent: Outcome = { kind: 'absent' };
export const done: Outcome = { kind: 'done' };
export const rejected = (message: string): Outcome => ({ kind: 'error', class: 'rejected', message });
export const conflict = (message: string): Outcome => ({ kind: 'error', class: 'conflict', message });
