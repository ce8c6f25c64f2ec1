"""PostgreSQL as Django has it, but for kept connections (decision 38) and for what is asked over and over (35)."""
