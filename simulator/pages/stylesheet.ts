/** Kept in code, so that the built program needs no file beside it. */
export const stylesheet = `
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; }
`;
