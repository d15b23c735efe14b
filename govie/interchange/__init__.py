"""Annotated reports in the formats that people and annotation tools write."""
