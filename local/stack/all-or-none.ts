/** One of several things to do at the same time. */
type Part<Value> = (signal: AbortSignal) => Promise<Value>;

/** Does all parts at once. When one fails, the others are given up and have ended before the failure is thrown. */
export const allOrNone = async <Values extends readonly unknown[]>(
  signal: AbortSignal,
  parts: { readonly [Index in keyof Values]: Part<Values[Index]> },
): Promise<Values> => {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const underway = parts.map((part) => part(either));
  try {
    return (await Promise.all(underway)) as unknown as Values;
  } catch (error) {
    failed.abort();
    await Promise.allSettled(underway);
    throw error;
  }
};
