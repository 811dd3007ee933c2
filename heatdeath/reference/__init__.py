"""The pages of the documentation that are generated: ``python -m heatdeath.reference``."""
