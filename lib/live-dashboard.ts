import { readFileSync } from 'node:fs';
import { Stack } from 'aws-cdk-lib';
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type Chart, type DashboardFile, readDashboard } from '../adapters/yaml/read-dashboard.ts';

/** The file, and what go/no-go takes of it. */
export type DashboardConfig = ReturnType<typeof readDashboard>;

/** `observability/dashboards/live.yaml`, checked. Throws with every mistake, each with its line. */
export const readLiveDashboard = (file: string): DashboardConfig => readDashboard(readFileSync(file, 'utf8'), file);

/** A dashboard is 24 columns wide: two charts beside one another. */
const [WIDTH, HEIGHT] = [12, 6];
const PERIOD_SECONDS = 60;

/** Of metrics that are not of one instance, or of a part of it. */
const DIMENSIONS: Partial<Record<Chart['metric'], string>> = {
  HeartbeatAgeMs: 'Strategy,Instance,Component',
  DriftMax: 'Strategy',
  LimitUseMax: 'Strategy',
};

/** The CloudWatch dashboard of `observability/dashboards/live.yaml`: each chart with the line that go/no-go holds it to. New strategies appear by themselves. */
export class LiveDashboard extends Construct {
  constructor(scope: Construct, id: string, { dashboard }: { readonly dashboard: DashboardFile }) {
    super(scope, id);
    const { region } = Stack.of(this);
    const widgets = dashboard.charts.map((chart, at) => widget(chart, at, dashboard, region));
    new CfnDashboard(this, 'Dashboard', { dashboardBody: Stack.of(this).toJsonString({ widgets }) });
  }
}

function widget(chart: Chart, at: number, { thresholds }: DashboardFile, region: string) {
  const line = thresholds.find(({ id }) => id === chart.threshold);
  const dimensions = DIMENSIONS[chart.metric] ?? 'Strategy,Instance';
  const search = `SEARCH('{TradePulse,${dimensions}} MetricName="${chart.metric}"', '${chart.statistic}', ${PERIOD_SECONDS})`;
  return {
    type: 'metric',
    ...{ x: (at % 2) * WIDTH, y: Math.floor(at / 2) * HEIGHT, width: WIDTH, height: HEIGHT },
    properties: {
      ...{ title: chart.title, region, view: 'timeSeries', stacked: false, period: PERIOD_SECONDS },
      metrics: [[{ expression: search, id: 'e1' }]],
      yAxis: { left: { min: 0, label: chart.unit, showUnits: false } },
      ...(line && { annotations: { horizontal: [{ label: `${line.is} ${line.value}`, value: line.value }] } }),
    },
  };
}
