import { resolve } from 'node:path';
import { installRedis } from '../../redis/install.ts';
import { EXIT_OK } from '../report.ts';

export async function run(): Promise<number> {
  const dataDir = resolve(process.env['TURNUP_DATA'] || '.turnup');
  const version = await installRedis(dataDir, (line) => console.log(line));
  console.log(`installed below ${dataDir}: ${version}`);
  console.log('"turnup serve" and "turnup demo" use it when redis-server is not on PATH and no Redis URL is given.');
  return EXIT_OK;
}
