/** The script of the service's own pages, which work without it: copy buttons, and a form to show what needs a key. */
import '../shared/styles.css';
import './pages.css';
import { offerCopies } from './copy';
import { offerKeyForm } from './key-form';

offerCopies(document);
offerKeyForm(document);
