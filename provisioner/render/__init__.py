"""What people and scripts get to see: one row model, one file per form."""
