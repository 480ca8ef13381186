import { handle } from 'hono/aws-lambda';
import { pageApp } from '../../api/page-app.ts';

export const handler = handle(pageApp());
