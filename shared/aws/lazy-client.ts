/**
 * A client that is made at its first call. A function that has several seldom needs each of them for a request, and one
 * costs 1 to 2 ms of its start.
 */
export const lazyClient = <Client extends { send: (...args: never[]) => unknown }>(
  make: () => Client,
): Pick<Client, "send"> => {
  let client: Client | undefined;
  const send = (...args: never[]) => {
    client ??= make();
    return client.send(...args);
  };
  return { send: send as Client["send"] };
};
