"""The command line: python -m portal, or portal where the package is installed."""

from portal.commands import main

if __name__ == "__main__":
    main()
