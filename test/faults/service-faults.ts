import type { ServiceFault } from './aws-proxy.ts';
import type { Fault } from './fault.ts';
import type { Service } from './faulty-host.ts';

/** Services that the functions reach no more, all at once. */
const away = (how: ServiceFault, ...services: Service[]): Pick<Fault, 'begin' | 'end'> => ({
  begin: async ({ faulty }) => services.forEach((name) => void faulty.services[name].becomes(how)),
  end: async ({ faulty }) => services.forEach((name) => void faulty.services[name].becomes('well')),
});

/** What goes wrong in AWS, as our functions see it. */
export const SERVICE_FAULTS: readonly Fault[] = [
  { name: 'AppConfig is down', ...away('fails', 'appconfig', 'appconfigdata'), keepsNobody: true },
  { name: 'Step Functions refuses connections', ...away('refuses', 'sfn'), keepsNobody: true },
  { name: 'Step Functions hangs', ...away('hangs', 'sfn'), keepsNobody: true },
  { name: 'KMS is down', ...away('refuses', 'kms'), keepsNobody: true },
  { name: 'Secrets Manager is down', ...away('refuses', 'secrets'), keepsNobody: true },
  { name: 'EventBridge is down, so that nothing wakes who delivers and signs', ...away('refuses', 'eventbridge') },
  { name: 'DynamoDB refuses connections', ...away('refuses', 'dynamodb') },
  { name: 'DynamoDB hangs', ...away('hangs', 'dynamodb') },
  { name: 'DynamoDB answers 500', ...away('fails', 'dynamodb') },
  { name: 'DynamoDB writes, and its answers are lost', ...away('withholds', 'dynamodb') },
  { name: 'the evidence bucket is down', ...away('refuses', 's3'), keepsNobody: true },
  { name: 'store and evidence bucket are both down', ...away('refuses', 'dynamodb', 's3'), keptNowhere: true },
  { name: 'store and evidence bucket both hang', ...away('hangs', 'dynamodb', 's3'), keptNowhere: true },
  {
    name: 'every service of AWS is down but the store',
    ...away('fails', 'appconfig', 'appconfigdata', 'sfn', 'kms', 'secrets', 'eventbridge', 's3'),
  },
];
