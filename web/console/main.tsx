import '../shared/styles.css';
import './console.css';
import { render } from 'preact';
import { App } from './app';

const root = document.getElementById('app');
if (root !== null) {
  root.replaceChildren();
  render(<App />, root);
}
