import { notifications } from "@mantine/notifications";

/** Puts the text on the clipboard and says so; says nothing where the browser forbids it. */
export async function copyText(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notifications.show({ message: done, autoClose: 1500 });
  } catch {
    // The text is on the screen and can be selected by hand.
  }
}
