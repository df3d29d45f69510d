import type { Metadata } from 'next';
import './style.css';

export const metadata: Metadata = { title: 'Send us your files', icons: 'data:,' };

export default function Layout({ children }: { children: React.ReactNode }) {
  return (
    <html lang="en">
      <body>
        <main>{children}</main>
      </body>
    </html>
  );
}
