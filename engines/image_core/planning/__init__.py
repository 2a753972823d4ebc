"""From a composition to a plan: every float becomes an integer here, and only here."""
