import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { HEALTH_CHECKS, LEVELS } from '../../domain/health/health-item.ts';
import { Alarms } from '../../lib/alarms.ts';
import { HealthAlarms } from '../../lib/health-alarms.ts';

const stack = new Stack(new App(), 'Health');
new HealthAlarms(stack, 'HealthAlarms', { alarms: new Alarms(stack, 'Alarms', { key: new Key(stack, 'Key') }) });
const alarms = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(
  ({ Properties }) => Properties,
);

describe('HealthAlarms', () => {
  it('has one alarm for each check of health, and none for a check that does not exist', () => {
    const watched = alarms.map(({ Dimensions }) => Dimensions);

    assert.deepEqual(watched.sort(byValue), HEALTH_CHECKS.map((Value) => [{ Name: 'Check', Value }]).sort(byValue));
    for (const { Namespace, MetricName, Threshold, AlarmDescription, AlarmActions } of alarms) {
      assert.deepEqual([Namespace, MetricName, Threshold], ['TradePulse', 'HealthLevel', LEVELS.unknown]);
      assert.ok(AlarmDescription.length > 40 && AlarmActions.length === 1);
    }
  });

  it('rings for what cannot be read as for what is bad, and once, not for each check, when nobody measures', () => {
    const whenMissing = alarms.filter(({ TreatMissingData }) => TreatMissingData === 'breaching');

    assert.equal(LEVELS.unknown, LEVELS.bad);
    assert.deepEqual(
      whenMissing.map(({ Dimensions }) => Dimensions[0].Value),
      ['health tick'],
    );
  });
});

function byValue([left]: { Value: string }[], [right]: { Value: string }[]): number {
  return String(left?.Value).localeCompare(String(right?.Value));
}
