"""The history as a folder that stands alone: to be read and checked without any of our software."""
