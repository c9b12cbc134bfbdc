"""The look back and the plan forward."""
