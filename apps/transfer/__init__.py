"""The room of what comes in whole and goes out whole: companies as archives, books as text, the first Mosaite."""
