import { useText } from "./use-text.ts";
import classes from "./wordmark.module.css";

export function Wordmark() {
  const t = useText();
  return (
    <div className={classes.wordmark}>
      <Logo />
      {t("product")}
    </div>
  );
}

export function Logo() {
  return (
    <svg className={classes.logo} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" />
      <path d="M16 6.5 24 24.5 16 20.5 8 24.5z" />
    </svg>
  );
}
