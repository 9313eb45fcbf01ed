"""Reports: Quarto documents in, HTML, PDF and Word out."""
