import { SetMetadata } from '@nestjs/common';

/** The metadata key of routes that work without the database. */
export const WITHOUT_DATABASE = 'without database';

/** Declares that a route, or all routes of a controller, are answered also while the database is not migrated. */
export const WithoutDatabase = (): ClassDecorator & MethodDecorator => SetMetadata(WITHOUT_DATABASE, true);
