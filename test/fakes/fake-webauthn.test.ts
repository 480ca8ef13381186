import { webauthnContract } from '../adapters/webauthn/webauthn.contract.ts';
import { FakeWebauthn } from './fake-webauthn.ts';

webauthnContract('FakeWebauthn', new FakeWebauthn());
