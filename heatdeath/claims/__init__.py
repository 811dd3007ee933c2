"""The claims about closed-loop learning: what is claimed, the rules that decide, the verdicts."""
