import { countRoundTrips } from "../../support/count-round-trips.ts";
import type { Clients } from "./stub-aws.ts";

type Sender = { readonly send: (command: never) => Promise<unknown> };
type Command = { readonly input: object };
type Make = new (input: object) => Command;

/**
 * What is left of a function without its own code: runs it once, and returns what sends the very same requests, those at
 * once that it sent at once, and does nothing with the answers.
 *
 * @param run runs it over the clients that it is given.
 */
export const recordBare = async (
  clients: Clients,
  run: (clients: Clients) => Promise<unknown>,
): Promise<() => Promise<void>> => {
  const sent: { readonly trip: number; readonly sender: Sender; readonly make: Make; readonly input: object }[] = [];
  const noted = (sender: Sender) => ({
    send: (command: Command) => {
      sent.push({ trip: trips.length, sender, make: command.constructor as Make, input: command.input });
      return sender.send(command as never);
    },
  });
  const { ports, trips } = countRoundTrips({ dynamodb: noted(clients.dynamodb), kms: noted(clients.kms) });
  await run(ports as unknown as Clients);
  if (sent.length === 0) throw new Error("nothing was sent");
  const inTurn = trips.map((_, index) => sent.filter(({ trip }) => trip === index + 1));
  return async () => {
    for (const atOnce of inTurn) {
      await Promise.all(atOnce.map(({ sender, make, input }) => sender.send(new make(input) as never)));
    }
  };
};
