/** What happens without anybody asking Perch: at Finch, at a provider, and to the time. */
import fc from "fast-check";
import { command, hasConnections, pick, some } from "./command.ts";
import { products, shown, type Trouble } from "./finch.ts";

const troubles: readonly (Trouble | undefined)[] = [
  undefined,
  { kind: "platform_trouble", reason: "payment_required" },
  { kind: "platform_trouble", reason: "invalid_client_error" },
  { kind: "undecided", reason: "server_error" },
  { kind: "undecided", reason: "rate_limited" },
];

const timePasses = command(
  "time passes",
  fc.constantFrom(1, 9, 30, 24 * 60, 8 * 24 * 60),
  async (_, perch, minutes) => {
    perch.story.push(`${minutes} minutes pass`);
    perch.advance(minutes * 60_000);
  },
);

const finchInTrouble = command("Finch's trouble", fc.constantFrom(...troubles), async (_, perch, trouble) => {
  perch.story.push(trouble === undefined ? "Finch is well" : `Finch has trouble: ${trouble.reason}`);
  perch.finch.setTrouble(trouble);
});

const providerSays = command(
  "a provider's word",
  fc.record({ of: some, person: fc.nat(1), status: fc.constantFrom("connected", "reauth", "error_permissions") }),
  async (_, perch, { of, person, status }) => {
    const connection = pick(perch.finch.connections.values(), of);
    if (!connection.status.has(person)) return;
    perch.story.push(`person ${person}'s sign-in of ${connection.connectionId} is ${status}`);
    connection.status.set(person, status);
    perch.finch.tell(connection.connectionId, status);
  },
  hasConnections,
);

const lessPermitted = command(
  "a permission is lost",
  fc.record({
    of: some,
    product: fc.constantFrom(...products),
    entity: fc.nat(2),
    status: fc.constantFrom("connected", "reauth", "error_permissions"),
  }),
  async (_, { finch, story }, { of, product, entity, status }) => {
    const connection = pick(finch.connections.values(), of);
    const id = [...connection.entities.keys()][entity];
    if (id !== undefined) {
      story.push(`entity ${id} of ${connection.connectionId} is ${status}`);
      connection.entities.set(id, status);
    } else {
      story.push(`${connection.connectionId} loses ${product}`);
      for (const token of finch.tokens.values()) {
        const left = token.products.filter((each) => each !== product);
        if (token.connectionId === connection.connectionId && left.length > 0) token.products = left;
      }
    }
    finch.tell(connection.connectionId, status);
  },
  hasConnections,
);

const endedElsewhere = command(
  "the employer ends it",
  some,
  async (_, perch, of) => {
    const connection = pick(perch.finch.connections.values(), of);
    if (connection.endedBy !== "nobody") return;
    perch.story.push(`the employer ends ${connection.connectionId}`);
    perch.finch.end(connection, "employer");
  },
  hasConnections,
);

const tokenInvalid = command(
  "a token is invalid",
  fc.record({ of: some, which: fc.constantFrom(0, 0, 1) }),
  async ({ connections }, { finch, story, now }, { of, which }) => {
    const [, { tokens }] = pick(connections, of);
    const token = finch.tokens.get(tokens.toReversed()[which % tokens.length]?.text ?? "");
    if (token === undefined) return;
    story.push(`${shown(token.text)} is invalid from now on`);
    token.invalidSince ??= now();
  },
  hasConnections,
);

/** All that may happen around Perch. */
export const commandsOfTheWorld = [
  timePasses,
  finchInTrouble,
  providerSays,
  endedElsewhere,
  tokenInvalid,
  lessPermitted,
];
