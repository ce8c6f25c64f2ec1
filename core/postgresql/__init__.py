"""PostgreSQL as Django has it, whose kept connections are looked at without a question (decision 38)."""
