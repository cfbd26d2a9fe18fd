"""A durable schedule of drift checks on PostgreSQL, carried by procrastinate, which nothing else here imports."""
