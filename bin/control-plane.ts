import { App } from 'aws-cdk-lib';
import { controlPlane } from '../lib/control-plane.ts';

controlPlane(new App());
