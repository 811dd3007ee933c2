"""The explorer: one page on which a person picks a cell and sees what became of it."""
