/** One thing looked at. `bad`: an order would fail. */
export interface Check {
  readonly about: string;
  readonly verdict: 'good' | 'warning' | 'bad';
  readonly detail: string;
}
