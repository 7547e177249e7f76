"""One research question a module: checked tables in, one tidy frame out. Nothing is read, drawn or rounded."""
