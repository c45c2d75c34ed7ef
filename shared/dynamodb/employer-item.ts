import { type Employer, employerStatuses } from "../connection/employer.ts";
import { type Item, readItem } from "./item.ts";

/** What was read of an employer, as a map in its connection's item. */
export const toEmployer = (employer: Employer): Item => ({
  entity_id: employer.entityId,
  status: employer.status,
  legal_name: employer.legalName,
  entity_type: employer.entityType,
  entity_subtype: employer.entitySubtype,
  ein_last_four: employer.einLastFour,
  read_at: employer.readAt.toISOString(),
});

/** The map as an employer. @throws TypeError if it is malformed. */
export const fromEmployer = (item: Item): Employer => {
  const read = readItem(item);
  return {
    entityId: read.textOrNull("entity_id"),
    status: read.choice("status", employerStatuses),
    legalName: read.textOrNull("legal_name"),
    entityType: read.textOrNull("entity_type"),
    entitySubtype: read.textOrNull("entity_subtype"),
    einLastFour: read.textOrNull("ein_last_four"),
    readAt: read.date("read_at"),
  };
};
