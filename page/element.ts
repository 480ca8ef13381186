type Child = Node | string;
type Properties = Readonly<Record<string, string | boolean | (() => void)>>;

/**
 * An element with its attributes and children. A string becomes a text node and never markup: what stands in documents, reasons and
 * names was written by anybody. A function listens to the event of its name.
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') made.addEventListener(name, () => value());
    else if (typeof value === 'string') made.setAttribute(name, value);
    else made.toggleAttribute(name, value);
  }
  made.append(...children);
  return made;
}
