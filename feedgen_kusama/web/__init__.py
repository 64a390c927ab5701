"""What is asked of web servers: one exchange at a time, bounded in size, time and number, to an address that was looked at."""
