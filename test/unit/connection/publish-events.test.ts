/** Events on their way to the bus: none is lost, none is invented, and doubles share an id. */
import { describe, expect, it } from "vitest";
import type { PerchEvent } from "#shared/connection/events.ts";
import { publishEvents } from "#shared/connection/publish-events.ts";
import { createSetting } from "./setting.ts";

/** A customer with so many connections, the events of which nobody has published yet. */
const createStage = async (events = 3) => {
  const setting = createSetting();
  const acme = await setting.createCustomer("acme");
  for (let index = 0; index < events; index += 1) await setting.connect(acme);
  const bus: PerchEvent[] = [];
  const take = async (offered: readonly PerchEvent[]) => {
    bus.push(...offered);
    return new Set(offered.map(({ eventId }) => eventId));
  };
  const unpublished = () => [...setting.memory.outbox.values()];
  return { ...setting, bus, take, unpublished };
};

describe("publishing", () => {
  it("puts events onto the bus as they were written, and takes them from the outbox", async () => {
    const { outbox, bus, take, unpublished, memory } = await createStage();
    expect(await publishEvents({ outbox, putOntoBus: take })(unpublished())).toEqual([]);
    expect(bus).toEqual(memory.written);
    expect(unpublished()).toEqual([]);
  });

  it("keeps and names what the bus did not take", async () => {
    const { outbox, take, unpublished } = await createStage();
    const [first, refused, last] = unpublished();
    const putOntoBus = (offered: readonly PerchEvent[]) => take(offered.filter((event) => event !== refused));
    expect(await publishEvents({ outbox, putOntoBus })([first, refused, last].flatMap((each) => each ?? []))).toEqual([
      refused,
    ]);
    expect(unpublished()).toEqual([refused]);
  });

  it("does not bother the bus with nothing", async () => {
    const { outbox } = await createStage(0);
    const putOntoBus = async () => expect.fail("asked");
    expect(await publishEvents({ outbox, putOntoBus })([])).toEqual([]);
  });

  it("publishes again under the same id what it died with", async () => {
    const { outbox, bus, take, unpublished } = await createStage();
    const remove = async () => {
      throw new Error("died");
    };
    await expect(publishEvents({ outbox: { ...outbox, remove }, putOntoBus: take })(unpublished())).rejects.toThrow();
    expect(unpublished()).toHaveLength(3);
    await publishEvents({ outbox, putOntoBus: take })(unpublished());
    expect(bus.slice(3)).toEqual(bus.slice(0, 3));
    expect(unpublished()).toEqual([]);
  });

  it("keeps everything when the bus does not answer", async () => {
    const { outbox, unpublished } = await createStage();
    const putOntoBus = async () => {
      throw new Error("unreachable");
    };
    await expect(publishEvents({ outbox, putOntoBus })(unpublished())).rejects.toThrow("unreachable");
    expect(unpublished()).toHaveLength(3);
  });
});
