'use server';

import { jwtVerify } from 'jose';
import { revalidatePath } from 'next/cache';
import { remember } from './documents';

/** Takes the proof of what is stored. A page's own word for it would be worth nothing. Returns what is wrong. */
export async function attach(receipt: unknown): Promise<string | null> {
  try {
    const { key, stored } = await checked(receipt);
    remember({ key, size: stored.size });
  } catch {
    return 'That is no receipt for a file of yours.';
  }
  revalidatePath('/');
  return null;
}

async function checked(receipt: unknown) {
  const secret = process.env.UPLOAD_RECEIPT_SECRET;
  if (!secret) {
    throw new Error('UPLOAD_RECEIPT_SECRET is not set');
  }
  const { payload } = await jwtVerify<{ key: string; stored: { size: number } }>(
    String(receipt),
    new TextEncoder().encode(secret),
    {
      algorithms: ['HS256'], // never what the receipt itself says
      typ: 'stored+jwt', // a grant's is granted+jwt
      issuer: 'countersign',
      audience: process.env.UPLOAD_BUCKET,
      // With a login: subject, the user of this app's own session.
      requiredClaims: ['exp', 'stored'],
    },
  );
  return payload;
}
