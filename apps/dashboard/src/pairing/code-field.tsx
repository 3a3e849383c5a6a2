import { pairingCodeLength } from "@dsp-fleet/contract";
import { useId, useState } from "react";
import { useText } from "../ui/use-text.ts";
import { readCode } from "./code-entry.ts";
import classes from "./code-field.module.css";

type Props = {
  readonly code: string;
  readonly onChange: (code: string) => void;
  readonly error: string | null;
};

/** Six big boxes over one real field, so that typing, pasting and screen readers work as everywhere. */
export function CodeField({ code, onChange, error }: Props) {
  const t = useText();
  const id = useId();
  const [odd, setOdd] = useState<string | null>(null);
  const [hasFocus, setFocus] = useState(false);
  const take = (entry: string): void => {
    const read = readCode(entry);
    setOdd(read.odd);
    onChange(read.code);
  };
  const problem = odd === null ? error : t("pair.codeOdd", { character: odd });
  return (
    <div className={classes.field}>
      <label htmlFor={id}>{t("pair.code")}</label>
      <div className={classes.boxes} data-invalid={problem !== null || undefined}>
        <input
          id={id}
          data-testid="pair-code"
          data-autofocus
          className={classes.input}
          value={code}
          autoComplete="off"
          autoCapitalize="characters"
          autoCorrect="off"
          spellCheck={false}
          inputMode="text"
          enterKeyHint="next"
          aria-describedby={`${id}-hint`}
          aria-invalid={problem !== null}
          onChange={(event) => take(event.currentTarget.value)}
          onFocus={() => setFocus(true)}
          onBlur={() => setFocus(false)}
          onSelect={(event) => {
            // One caret, always after what is entered: there are no boxes to jump between.
            const { value } = event.currentTarget;
            event.currentTarget.setSelectionRange(value.length, value.length);
          }}
        />
        {Array.from({ length: pairingCodeLength }, (_, index) => (
          <span
            key={index}
            className={classes.box}
            data-here={(hasFocus && index === Math.min(code.length, pairingCodeLength - 1)) || undefined}
            aria-hidden
          >
            {code[index] ?? ""}
          </span>
        ))}
      </div>
      <p id={`${id}-hint`} className={classes.hint} data-problem={problem !== null || undefined} aria-live="polite">
        {problem ?? t("pair.codeHint")}
      </p>
    </div>
  );
}
