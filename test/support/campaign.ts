declare global {
  /** True in the Jest project `campaigns`. */
  var hasFullCampaigns: boolean | undefined;
}

/** True if campaigns run at full size: in `npm run test:campaigns`, not in `npm test`. */
export const IS_FULL = globalThis.hasFullCampaigns === true;

/**
 * Returns the size of a campaign: `full` in `npm run test:campaigns`, `quick` in `npm test`. The Jest project
 * `campaigns` consists of the test files that import this one.
 */
export function campaign<Size>(full: Size, quick: Size): Size {
  return IS_FULL ? full : quick;
}

/**
 * Declares a test that runs only in `npm run test:campaigns`, because its subject is long at any size; `npm test` reports
 * it as skipped.
 */
export const itInCampaigns = IS_FULL ? it : it.skip;
