import { connectToRedis } from './redis';

// An earlier file of this worker has had the same ids of installations: what it cached is not this file's.
beforeAll(async () => {
  const redis = await connectToRedis();
  await redis.flushDb();
  await redis.disconnect();
});
