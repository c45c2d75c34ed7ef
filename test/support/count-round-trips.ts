/** Counts how often something waits for the world outside, one time after the other: what is asked at once is one round trip. */

type Call = (...parameters: readonly unknown[]) => unknown;

/**
 * The same ports, each call of which takes a round trip.
 *
 * @param ports objects of functions, by their names.
 * @returns the ports, and the calls of each round trip so far.
 */
export const countRoundTrips = <Ports extends Readonly<Record<string, object>>>(ports: Ports) => {
  const trips: string[][] = [];
  let departing: Promise<void> | undefined;
  const depart = (): Promise<void> => {
    if (departing === undefined) {
      trips.push([]);
      departing = new Promise((resolve) =>
        setImmediate(() => {
          departing = undefined;
          resolve();
        }),
      );
    }
    return departing;
  };
  const counted = Object.entries(ports).map(([name, port]) => [
    name,
    Object.fromEntries(
      Object.entries(port as Record<string, Call>).map(([operation, call]) => [
        operation,
        async (...parameters: readonly unknown[]) => {
          const departed = depart();
          trips.at(-1)?.push(`${name}.${operation}`);
          await departed;
          return call(...parameters);
        },
      ]),
    ),
  ]);
  return { ports: Object.fromEntries(counted) as Ports, trips };
};
