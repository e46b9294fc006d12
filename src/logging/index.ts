export { logRequests } from './request-log';
export { openLog } from './service-log';
