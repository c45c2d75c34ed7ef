import { usePage } from "./context.ts";
import { Top } from "./frame.tsx";

/** Placeholders while the connections are on their way. */
export const Loading = () => {
  const { words } = usePage();
  return (
    <>
      <Top add={null} />
      <div class="list-head">
        <h2>{words.say("list.heading")}</h2>
        <p>{words.say("loading")}</p>
      </div>
      <ul class="conns" aria-hidden="true">
        {[1, 2, 3].map((one) => (
          <li key={one} class="conn">
            <div class="conn-main">
              <span class="sk sq" />
              <div class="sk-lines">
                <span class="sk w1" />
                <span class="sk w2" />
                <span class="sk w3" />
              </div>
              <div class="conn-side">
                <span class="sk tag" />
              </div>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
};
