"""Telephone and mail address of the people of the staff."""
