"""One module for each kind of file; each declares its `KIND`."""
