import { enableCompileCache } from 'node:module';

// Each test file is a process of its own and loads hundreds of modules: what they compile to is kept from one to the next.
enableCompileCache('node_modules/.cache/compiled');
