"""A tidy frame made fit to publish: tables, figures, sentences and quotations. Nothing is read or written."""
