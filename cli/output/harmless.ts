/** A control character, with what makes it the start of a colour when it is an escape. */
const CONTROL = /(\p{Cc})(\[[\d;]*m)?/gu;

/** Text as a terminal may show it: what somebody wrote into a reason or a ticket must not redraw the screen of whoever reads it. */
export const harmless = (text: string): string =>
  text.replaceAll(CONTROL, (found: string, control: string, colour = '') => {
    const isFine = control === '\n' || control === '\t' || (control === '\u001b' && colour !== '');
    return isFine ? found : `\ufffd${colour}`;
  });
