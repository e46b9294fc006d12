import '../shared/styles.css';
import { render } from 'preact';
import { SessionApi } from './api';
import { App } from './app';

const root = document.getElementById('app');
// The address is /pay/{session}, perhaps below a path of a proxy, perhaps with a slash at its end.
const base = location.pathname.replace(/\/+$/, '');
if (root !== null) {
  root.replaceChildren();
  render(<App api={new SessionApi(base)} />, root);
}
