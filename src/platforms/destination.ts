const E164 = /^\+[1-9]\d{1,14}$/;
const SIP_URI =
  /^sip:[A-Za-z0-9\-_.!~*'()&=+$,;?/%#]{1,127}@(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
const LONGEST_URI = 255;

/** A number with a plus, as numbers stand in orders where no platform has split them. */
export const isE164 = (text: string): boolean => E164.test(text);

/** `sip:user@host`, with or without a port; no other parameters. */
export const isSipUri = (text: string): boolean => text.length <= LONGEST_URI && SIP_URI.test(text);
