"""The manual inside the product: the files of docs/ as pages, found by the same search box as everything."""
