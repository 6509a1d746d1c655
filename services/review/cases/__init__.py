"""What every page and action needs: who sees a case, deadlines, flags, search text, audit."""
