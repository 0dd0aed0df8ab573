#!/usr/bin/env python3
"""Ladder's commands. `python manage.py help` lists them."""

from ladder.__main__ import main

if __name__ == "__main__":
    main()
