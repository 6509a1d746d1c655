"""What every page and act needs of a case: who may see it, deadlines, flags, search text, audit."""
