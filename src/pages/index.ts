export { addressesOf } from './addresses';
export { type FirstSteps, readFirstSteps } from './first-steps';
export { PagesModule } from './pages.module';
