import type { EmployerMark, EmployerMarks, MarkedConnection } from "#shared/connection/employer-marks.ts";
import { copy, keyOf, type MemoryState } from "./state.ts";

/** The index of employers in memory. */
export const createMemoryEmployerMarks = (state: MemoryState): EmployerMarks => {
  const list = (mark: EmployerMark, fits: (marked: MarkedConnection) => boolean, limit: number) => {
    const found = [...state.marks]
      .filter(([, marked]) => isSame(marked.mark, mark) && fits(marked))
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .slice(0, limit);
    state.itemsRead += found.length;
    return found.map(([, { customerId, connectionId, madeAt }]) => copy({ customerId, connectionId, madeAt }));
  };
  return {
    async put(mark, marked) {
      state.marks.set(placeOf(mark, marked), copy({ ...marked, mark }));
    },
    async remove(mark, marked) {
      const place = placeOf(mark, marked);
      if (state.marks.get(place)?.madeAt.getTime() === marked.madeAt.getTime()) state.marks.delete(place);
    },
    listOwn: async (mark, customerId, limit) => list(mark, (each) => each.customerId === customerId, limit),
    listOthers: async (mark, customerId, limit) => [
      ...list(mark, (each) => each.customerId < customerId, limit),
      ...list(mark, (each) => each.customerId > customerId, limit),
    ],
  };
};

const isSame = (one: EmployerMark, other: EmployerMark): boolean =>
  one.kind === other.kind && one.providerId === other.providerId && one.value === other.value;

const placeOf = ({ kind, providerId, value }: EmployerMark, { customerId, connectionId }: MarkedConnection): string =>
  keyOf(customerId, connectionId, kind, JSON.stringify([providerId, value]));
