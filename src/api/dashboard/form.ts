import express, { type Request } from 'express';
import { sameSecret } from '../../secrets/index.ts';
import type { Session } from './session.ts';

/** Our own forms are a few short fields. */
export const readForm = express.urlencoded({ extended: false, limit: 4096, parameterLimit: 8, inflate: false });

export function formOf(req: Request): Record<string, unknown> {
  return typeof req.body === 'object' && req.body !== null ? (req.body as Record<string, unknown>) : {};
}

/** Whether a form of ours came back with the token it was given. */
export function hasFormToken(session: Session, given: unknown): boolean {
  return typeof given === 'string' && given !== '' && !!session.csrf && sameSecret(given, session.csrf);
}
