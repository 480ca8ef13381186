import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { lambdaAccess } from '../../lib/lambda-access.ts';
import { readLiveDashboard } from '../../lib/live-dashboard.ts';
import { textOf } from './policies.ts';
import { synthesized } from './synthesized.ts';

const { template, resources } = synthesized();
const FILE = 'observability/dashboards/live.yaml';

type Widget = {
  properties: {
    title: string;
    metrics: [[{ expression: string }]];
    annotations?: { horizontal: { value: number }[] };
  };
};

describe('changes of strategies on the bus', () => {
  it('come to the function that records them, from our own bus and source alone, and to a queue when they cannot be taken in', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: Match.anyValue(),
      EventPattern: { source: ['tradepulse.control-plane'], 'detail-type': ['governance.strategy_changes'] },
      Targets: [
        Match.objectLike({
          DeadLetterConfig: Match.anyValue(),
          RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 300 },
        }),
      ],
    });
  });

  it('are signed with an Ed25519 key of their own, by the one step that publishes them; and so is what kills by itself', () => {
    const keys = resources('AWS::KMS::Key').filter(([, { Properties }]) =>
      String(Properties['Description']).includes('signs changes of strategies'),
    );
    const signers = Object.entries(lambdaAccess).filter(([, granted]) => granted.includes('signGovernance'));

    assert.deepEqual(
      keys.map(([, { Properties, DeletionPolicy }]) => [Properties['KeySpec'], Properties['KeyUsage'], DeletionPolicy]),
      [['ECC_NIST_EDWARDS25519', 'SIGN_VERIFY', 'Retain']],
    );
    assert.deepEqual(
      signers.map(([lambda]) => lambda),
      [
        'launch/publish-strategy-change',
        'safe-mode/kill-unverified',
        'venue-instability/kill-strategy',
        'operations/watchdog',
      ],
    );
  });

  it('raise an alarm when one is forged, and when one is lost', () => {
    const alarms = resources('AWS::CloudWatch::Alarm').map(([, { Properties }]) =>
      String(Properties['AlarmDescription']),
    );

    assert.ok(alarms.some((each) => each.includes('not signed with the governance key')));
    assert.ok(alarms.some((each) => each.includes('its launch will not be a go. Read the queue')));
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'StrategyChangeForged',
      Namespace: 'TradePulse',
    });
  });

  it('can be verified by anybody: the public key is an output of the stack', () => {
    template.hasOutput('GovernancePublicKey', { Value: { 'Fn::GetAtt': [Match.anyValue(), 'GovernancePublicKey'] } });
  });
});

describe('the live dashboard in CloudWatch', () => {
  const { dashboard, live } = readLiveDashboard(FILE);
  const [[, body] = assert.fail('there is no dashboard')] = resources('AWS::CloudWatch::Dashboard');
  const text = textOf(body.Properties['DashboardBody']);
  const { widgets } = JSON.parse(text.replaceAll(/<[^>]*>/g, 'region')) as { widgets: Widget[] };

  it('has one chart for each of the file, with the very line that go/no-go holds engines to', () => {
    const lines = new Map(dashboard.thresholds.map(({ id, value }) => [id, value]));

    assert.deepEqual(
      widgets.map(({ properties: { title, annotations } }) => [title, annotations?.horizontal[0]?.value]),
      dashboard.charts.map(({ title, threshold }) => [title, lines.get(threshold ?? '')]),
    );
    assert.ok(
      widgets.every(({ properties }) => properties.metrics[0][0].expression.startsWith("SEARCH('{TradePulse,Strategy")),
    );
  });

  it('gives the control plane the same thresholds, with the digest of the file', () => {
    template.hasResourceProperties('Custom::StrategyRegistry', { Dashboard: JSON.stringify(live) });
  });

  it('is refused at synthesis when its file is wrong, with file, line and reason', () => {
    assert.throws(() => synthesized({ dashboard: 'config/strategies.yaml' }), /config\/strategies\.yaml:\d+:\d+: /);
  });
});
