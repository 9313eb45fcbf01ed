"""What changes after a report is published: versions held against each other, and answers."""
