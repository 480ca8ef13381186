import { element } from './element.ts';

const MOST_CHARACTERS = 500;

/** A button to say no, and behind it the reason, which may be left out: nobody is kept from the safer answer. Escape goes back. */
export function declineForm(decline: (reason: string) => void): readonly [HTMLElement, HTMLElement] {
  const reason = element('input', { id: 'reason', maxlength: `${MOST_CHARACTERS}`, autocomplete: 'off' });
  const open = element('button', { type: 'button', 'aria-expanded': 'false', click: () => toggle(true) }, 'Decline …');
  const back = element('button', { type: 'button', class: 'quiet', click: () => toggle(false) }, 'Back');
  const form = element(
    'form',
    { hidden: true },
    element('label', { for: 'reason' }, 'Why do you decline? (may be left empty)'),
    reason,
    element('button', { type: 'submit' }, 'Decline'),
    back,
  );
  const toggle = (isOpen: boolean) => {
    form.hidden = !isOpen;
    open.hidden = isOpen;
    open.setAttribute('aria-expanded', String(isOpen));
    (isOpen ? reason : open).focus();
  };
  form.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') toggle(false);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    decline(reason.value.trim());
  });
  return [open, form];
}
