import { quantile } from "../figures.ts";
import type { Finding } from "../finding.ts";
import type { StackMeasurement } from "../measurement.ts";
import type { World } from "../world.ts";

const people = 1_000;

/** What is asked for, straight and through Perch. */
interface Read {
  readonly name: string;
  readonly what: string;
  readonly path: string;
  readonly body?: object;
}

/** What a request through Perch takes beside the same request straight to the simulated Finch. */
export const forward: StackMeasurement = {
  kind: "stack",
  name: "forward",
  what: "what a forwarded request takes beside the same one straight to the simulated Finch, one at a time",
  async measure(world, { rounds, steps, signal }) {
    const { straight, through, reads } = await prepare(world);
    const findings: Finding[] = [];
    for (const read of reads) {
      signal.throwIfAborted();
      await steps.step(`forward ${read.name}`, async () => {
        const samples: { readonly straight: number; readonly through: number }[] = [];
        // In turn, so that both meet the same machine; the first of each only warms up.
        for (let at = 0; at <= rounds * 10; at += 1) {
          const sample = { straight: await msOf(() => straight(read)), through: await msOf(() => through(read)) };
          if (at > 0) samples.push(sample);
        }
        findings.push(...toFindings(read, samples));
      });
    }
    return findings;
  },
};

/** A connection whose employer has many people, and both ways to it. */
const prepare = async ({ api, controlFinch, createCustomer, finchUrl }: World) => {
  const path = await createCustomer();
  const products = ["company", "directory", "individual"];
  const minted = await controlFinch<{ access_token: string; connection_id: string }>("POST", "tokens", {
    ...{ provider: "gusto", company: `Bakery ${path}`, products },
  });
  const { access_token: token, connection_id: id } = minted;
  await controlFinch("POST", `employers/${id}`, { people });
  await api.call("POST", `${path}/connections`, { access_token: token });
  const straight = async ({ path: at, body }: Read): Promise<unknown> => {
    const answer = await fetch(`${finchUrl}${at}`, {
      ...(body && { method: "POST", body: JSON.stringify(body) }),
      headers: { authorization: `Bearer ${token}`, "finch-api-version": "2020-09-17" },
    });
    return answer.json();
  };
  const through = ({ path: at, body }: Read): Promise<unknown> =>
    api.call(body ? "POST" : "GET", `${path}/connections/${id}/finch${at}`, body);
  const { individuals } = (await straight({ name: "", what: "", path: "/employer/directory" })) as {
    individuals: readonly { readonly id: string }[];
  };
  const requests = individuals.slice(0, 100).map((each) => ({ individual_id: each.id }));
  const reads: readonly Read[] = [
    { name: "company", what: "GET /employer/company", path: "/employer/company" },
    { name: "directory", what: `a page of ${people} people`, path: `/employer/directory?limit=${people}` },
    { name: "individuals", what: "a batch of 100 people", path: "/employer/individual", body: { requests } },
  ];
  return { straight, through, reads };
};

const msOf = async (run: () => Promise<unknown>): Promise<number> => {
  const since = performance.now();
  await run();
  return performance.now() - since;
};

/** How much longer it takes, by rank; beside what the straight call takes. */
const toFindings = (
  { name, what }: Read,
  samples: readonly { readonly straight: number; readonly through: number }[],
): readonly Finding[] =>
  [0.5, 0.99].map((share) => {
    const straight = quantile(
      samples.map((each) => each.straight),
      share,
    );
    const through = quantile(
      samples.map((each) => each.through),
      share,
    );
    const rank = `p${share * 100}`;
    return {
      name: `forward ${name}: added ${rank}`,
      what: `${what}, ${samples.length} of each: ${rank} through Perch less ${rank} straight; the ratio is of the two`,
      unit: "ms",
      samples: [through - straight],
      ratio: { to: `straight ${rank}`, value: through / straight },
    };
  });
