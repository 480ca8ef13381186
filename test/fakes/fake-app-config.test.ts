import { flagsContract } from '../adapters/aws/flags.contract.ts';
import { FakeAppConfig } from './fake-app-config.ts';

flagsContract('AppConfigFlags on FakeAppConfig', async () => new FakeAppConfig().flags(async () => undefined));
