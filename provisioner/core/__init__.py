"""What is wanted, what is there, and what lies between: plain data and pure functions. No I/O, no clock, no vendor."""
