import { Kbd, Modal } from "@mantine/core";
import { type KeyName, keyCaps, keyText } from "./keys.ts";
import classes from "./keys-dialog.module.css";
import { useText } from "./use-text.ts";

export function KeysDialog({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const t = useText();
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t("keys.title")}
      size={360}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <dl className={classes.keys}>
        {(Object.keys(keyCaps) as KeyName[]).map((name) => (
          <div key={name}>
            <dt>{keyText(t, name)}</dt>
            <dd>
              <Kbd>{keyCaps[name]}</Kbd>
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
