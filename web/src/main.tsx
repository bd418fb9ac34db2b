/* @refresh reload */
import './zod-config.ts';

import { render } from 'solid-js/web';

import { App } from './app.tsx';
import './styles/app.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
render(() => <App />, root);
