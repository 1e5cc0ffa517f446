/** Rows by a key that need not be unique: what keeps look-ups by natural key cheap with many thousand rows. */
export interface IndexMap<Row> {
  add(key: string | number, row: Row): void;
  remove(key: string | number, row: Row): void;
  /** In the order they were added. Do not keep: later changes may show in it. */
  get(key: string | number): readonly Row[];
}

const NONE: readonly never[] = [];

export function createIndexMap<Row>(): IndexMap<Row> {
  const buckets = new Map<string | number, Row[]>();
  return {
    add(key, row) {
      const bucket = buckets.get(key);
      if (bucket) bucket.push(row);
      else buckets.set(key, [row]);
    },
    remove(key, row) {
      const bucket = buckets.get(key);
      if (!bucket) return;
      const at = bucket.indexOf(row);
      if (at < 0) return;
      if (bucket.length === 1) buckets.delete(key);
      else bucket.splice(at, 1);
    },
    get(key) {
      return buckets.get(key) ?? NONE;
    },
  };
}
