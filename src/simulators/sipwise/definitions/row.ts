/**
 * Name, type (a trailing `*` for a list), label; for an enum also its values, written `value` or `value=label`, the
 * empty one being null. The first value is the default.
 */
export type Row = readonly [name: string, type: string, label: string, ...values: string[]];
