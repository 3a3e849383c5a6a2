import { Button } from "@mantine/core";
import { useMayDispatch } from "../session/use-signed-in.ts";
import { useUiStore } from "../ui/ui-context.tsx";
import { useText } from "../ui/use-text.ts";
import classes from "./empty-card.module.css";

/** An account without vans: the next step, with a picture of what to look for. */
export function EmptyCard() {
  const t = useText();
  const ui = useUiStore();
  const mayPair = useMayDispatch();
  return (
    <div className={classes.veil}>
      <section className={classes.card} aria-label={t("empty.title")}>
        <Phone />
        <div>
          <h2>{t("empty.title")}</h2>
          {mayPair ? (
            <>
              <p>{t("empty.lead")}</p>
              <ol>
                <li>{t("empty.step1")}</li>
                <li>{t("empty.step2")}</li>
                <li>{t("empty.step3")}</li>
              </ol>
              <Button onClick={() => ui.setState({ dialog: "pair" })}>{t("list.pair")}</Button>
            </>
          ) : (
            <p>{t("empty.viewer")}</p>
          )}
        </div>
      </section>
    </div>
  );
}

/** A phone that shows a code. The code is only a picture. */
function Phone() {
  return (
    <svg className={classes.phone} viewBox="0 0 120 216" aria-hidden>
      <rect x="2" y="2" width="116" height="212" rx="18" className={classes.body} />
      <rect x="9" y="9" width="102" height="198" rx="12" className={classes.screen} />
      <rect x="46" y="14" width="28" height="5" rx="2.500" className={classes.body} />
      <g className={classes.code}>
        <text x="60" y="88">
          K7M
        </text>
        <text x="60" y="120">
          4QX
        </text>
      </g>
      <rect x="30" y="142" width="60" height="5" rx="2.500" className={classes.line} />
      <rect x="40" y="153" width="40" height="5" rx="2.500" className={classes.line} />
    </svg>
  );
}
