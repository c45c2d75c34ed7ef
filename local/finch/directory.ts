/** `GET /employer/directory`: everybody at an employer, those who left included. */
import { dataReply, withEmployer } from "./employer.ts";
import { individualIdsOf, sampleOf } from "./employer-data.ts";
import { errorReply } from "./errors.ts";
import type { Call, Reply } from "./http.ts";
import type { Simulation } from "./model.ts";
import { readPage } from "./page.ts";
import { personOf } from "./people.ts";

/** Answers all people, or `limit` of them from `offset` on. */
export const readDirectory = (simulation: Simulation, call: Call): Reply =>
  withEmployer(simulation, call, "directory", ({ connection, entity }) => {
    const sample = sampleOf(connection, entity);
    const page = readPage(call, sample.count);
    if (!page) return errorReply("bad_request", "limit must be 1 or more, and offset 0 or more");
    const { idOf } = individualIdsOf(connection, entity);
    const individuals = Array.from({ length: page.length }, (_, at) => {
      const { index, firstName, middleName, lastName, managerIndex, department, isActive } = personOf(
        sample,
        page.offset + at,
      );
      return {
        id: idOf(index),
        first_name: firstName,
        middle_name: middleName,
        last_name: lastName,
        manager: managerIndex === null ? null : { id: idOf(managerIndex) },
        department: { name: department },
        is_active: isActive,
      };
    });
    return dataReply(simulation, { paging: { offset: page.offset, count: sample.count }, individuals });
  });
