import { describe, expect, it } from 'vitest';
import type { PlannedStepView, PlanView } from '../../flows/rehearsal/view.ts';
import { placesOf } from '../../src/api/plan/layout.ts';
import { planMermaid } from '../../src/api/plan/mermaid.ts';
import { planSvg } from '../../src/api/plan/svg.ts';

const step = (id: string, needs: string[], more: Partial<PlannedStepView> = {}): PlannedStepView => ({
  id,
  kind: id,
  needs,
  class: 'compensatable',
  calls: [],
  undo: [],
  ...more,
});

const CALL = { method: 'POST', path: '/a/<"x">&`y`' };

const PLAN: PlanView = {
  steps: [
    step('customer', [], { calls: [CALL, CALL] }),
    step('s1.subscriber', ['customer'], { calls: [{ service: 'SubscriberWS', operation: 'insertSubscriber' }] }),
    step('s2.subscriber', ['customer'], {
      found: { state: 'conflict', error: { code: 'C', title: 't', detail: null, hint: 'h' } },
    }),
    step('s1.end', ['s1.subscriber'], { class: 'pivot', note: 'no "way" back' }),
    step('s2.end', ['s2.subscriber'], { class: 'retriable' }),
  ],
  pivot: 's1.end',
};

describe('a plan as Mermaid', () => {
  it('has a node for each step and an arrow for each need', () => {
    expect(planMermaid(PLAN).split('\n')).toEqual([
      'flowchart TD',
      '  s0["<b>customer</b><br/>2 × POST /a/#60;#34;x#34;#62;#38;#96;y#96;"]:::compensatable',
      '  s1["<b>s1.subscriber</b><br/>SubscriberWS.insertSubscriber"]:::compensatable',
      '  s2["<b>s2.subscriber · conflict</b>"]:::stopped',
      '  s3["<b>s1.end · no way back</b>"]:::pivot',
      '  s4["<b>s2.end</b>"]:::retriable',
      '  s0 --> s1',
      '  s0 --> s2',
      '  s1 --> s3',
      '  s2 --> s4',
      '  classDef compensatable stroke:#64748b',
      '  classDef pivot stroke:#b91c1c,stroke-width:3px',
      '  classDef retriable stroke-dasharray:4 3',
      '  classDef stopped stroke:#b91c1c,fill:#fee2e2,color:#111827',
      '',
    ]);
  });

  it('lets no text of an order become markup', () => {
    const mermaid = planMermaid({ steps: [step('a"]\nclick s0 href "x', [])], pivot: null });
    expect(mermaid.split('\n')[1]).toBe('  s0["<b>a#34;] click s0 href #34;x</b>"]:::compensatable');
  });
});

describe('a plan as SVG', () => {
  it('gives every chain a column, and every step a row beneath what it needs', () => {
    expect(Object.fromEntries(placesOf(PLAN.steps))).toEqual({
      customer: { row: 0, column: 0 },
      's1.subscriber': { row: 1, column: 0 },
      's2.subscriber': { row: 1, column: 1 },
      's1.end': { row: 2, column: 0 },
      's2.end': { row: 2, column: 1 },
    });
    const apart = placesOf([
      { id: 'a', needs: [] },
      { id: 'b', needs: [] },
      { id: 'c', needs: ['a', 'b'] },
    ]);
    expect(apart.get('b')).toEqual({ row: 0, column: 1 });
    expect(apart.get('c')).toEqual({ row: 1, column: 0 });
  });

  it('draws a box for each step and an arrow for each need, none over another', () => {
    const svg = planSvg(PLAN);
    const boxes = [
      ...svg.matchAll(/<rect class="(\w+)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g),
    ];
    expect(boxes.map(([, look]) => look)).toEqual(['compensatable', 'compensatable', 'stopped', 'pivot', 'retriable']);
    const areas = boxes.map(([, , x, y, width, height]) => ({
      left: Number(x),
      top: Number(y),
      right: Number(x) + Number(width),
      bottom: Number(y) + Number(height),
    }));
    for (const [at, one] of areas.entries()) {
      for (const other of areas.slice(at + 1)) {
        const isApart =
          one.right < other.left || other.right < one.left || one.bottom < other.top || other.bottom < one.top;
        expect(isApart).toBe(true);
      }
    }
    expect(svg.match(/marker-end/g)).toHaveLength(4);
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
    expect(Number(width)).toBeGreaterThan(Math.max(...areas.map(({ right }) => right)));
    expect(Number(height)).toBeGreaterThan(Math.max(...areas.map(({ bottom }) => bottom)));
  });

  it('is well formed whatever an order holds, and shortens what is too long', () => {
    const svg = planSvg({
      steps: [step('a', [], { calls: [CALL, { method: 'PUT', path: '/'.repeat(300) }], note: '</title><script>' })],
      pivot: null,
    });
    expect(svg).toContain('POST /a/&lt;&quot;x&quot;&gt;&amp;`y`');
    expect(svg).toContain('&lt;/title&gt;&lt;script&gt;');
    expect(svg).not.toContain('/'.repeat(60));
    expect(planSvg({ steps: [], pivot: null })).toContain('</svg>');
  });
});
