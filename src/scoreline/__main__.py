"""`python -m scoreline`: the command line."""

from scoreline.cli import main

if __name__ == "__main__":
    main()
