import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { METRICS } from '../../src/observability/metric-catalogue.ts';
import { anchorsOf } from '../setup/markdown.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Rule {
  alert: string;
  expr: string;
  for: string;
  labels: { severity: string };
  annotations: { summary: string; runbook: string };
}

const { groups } = parse(text('ops/prometheus/rules.yml')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const prometheus = parse(text('ops/prometheus/prometheus.yml')) as {
  rule_files: string[];
  scrape_configs: { job_name: string; dns_sd_configs?: { names: string[]; port: number }[] }[];
};

/** Every metric of ours that an expression reads must be one that exists, with the labels it has. */
function expectKnown(expr: string): void {
  const used = [...expr.matchAll(/\b(turnup_\w+?)(?:_bucket|_count|_sum)?\b(?:\{([^}]*)\})?/g)];
  for (const [, name, selector = ''] of used) {
    expect(Object.keys(METRICS)).toContain(name);
    const { labels } = METRICS[name as keyof typeof METRICS];
    for (const [, label] of selector.matchAll(/(\w+)\s*(?:=|!=|=~|!~)/g)) expect([...labels]).toContain(label);
  }
}

describe('ops/prometheus', () => {
  test('has the alerts a person must hear', () => {
    expect(rules.map(({ alert }) => alert)).toEqual(
      expect.arrayContaining([
        'TurnupOrdersHeld',
        'TurnupBreakerOpen',
        'TurnupQueueAge',
        'TurnupNoWorkers',
        'TurnupStoreAway',
        'TurnupDown',
      ]),
    );
  });

  test.each(rules)('$alert reads metrics that exist and leads to its part of the runbook', (rule) => {
    expectKnown(rule.expr);
    expect(rule.for).toMatch(/^\d+[sm]$/);
    expect(['page', 'ticket']).toContain(rule.labels.severity);
    expect(rule.annotations.summary).not.toBe('');
    const [page, anchor] = rule.annotations.runbook.split('#');
    expect(anchorsOf(text(page!))).toContain(anchor);
  });

  test('scrapes the services of docker-compose.yml and loads the rules', () => {
    const { services } = parse(text('docker-compose.yml'), { merge: true }) as { services: object };
    expect(prometheus.rule_files).toEqual(['rules.yml']);
    const names = prometheus.scrape_configs.flatMap(({ dns_sd_configs: found = [] }) => found.flatMap((d) => d.names));
    expect(names.toSorted()).toEqual(['api', 'worker']);
    for (const name of names) expect(services).toHaveProperty(name);
  });
});

describe('ops/grafana/turnup.json', () => {
  const dashboard = JSON.parse(text('ops/grafana/turnup.json')) as {
    panels: { id: number; title: string; gridPos: { x: number; w: number }; targets: { expr: string }[] }[];
  };

  test.each(dashboard.panels)('$title reads metrics that exist', ({ targets }) => {
    expect(targets.length).toBeGreaterThan(0);
    for (const { expr } of targets) {
      expect(expr).toContain('turnup_');
      expectKnown(expr);
    }
  });

  test('has one id a panel, inside the grid', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    for (const { gridPos } of dashboard.panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  });
});

describe('ops/systemd', () => {
  const folder = join(ROOT, 'ops/systemd');
  const units = readdirSync(folder).map((file) => ({ file, unit: readFileSync(join(folder, file), 'utf8') }));

  test.each(units)('$file is hardened and stops gently', ({ unit }) => {
    for (const line of ['NoNewPrivileges=yes', 'ProtectSystem=strict', 'CapabilityBoundingSet=', 'User=turnup']) {
      expect(unit.split('\n')).toContain(line);
    }
    expect(unit).toMatch(/^SystemCallFilter=@system-service$/m);
    expect(unit).toMatch(/^KillSignal=SIGTERM$/m);
    // Would keep V8 from compiling: the unit could not start.
    expect(unit).not.toMatch(/^MemoryDenyWriteExecute=(yes|true)/m);
  });

  test.each(units)('$file starts a program that is there', ({ unit }) => {
    const [, program, command] =
      /^ExecStart=\/opt\/turnup\/node_modules\/\.bin\/node (\S+) (\w+)(?: --probe-port 310%i)?$/m.exec(unit) ?? [];
    expect(text(program!)).not.toBe('');
    expect(['api', 'worker']).toContain(command);
  });
});
