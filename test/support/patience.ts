/**
 * How long a test waits for what Perch does by itself. Messages wait in a queue of which two are worked on at a time, beside
 * those of every other test, and a slow machine takes seconds for each: what comes at all has come by then. It is shorter than
 * a test may take (`vitest.config.ts`), so that what has not come is told.
 */
export const patience = { timeout: 90_000, interval: 200 };
