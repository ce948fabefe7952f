"""Intake: mails with forms, scans, pictures and videos, read into submissions."""
