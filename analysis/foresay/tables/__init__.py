"""Tables that come in: found, read, mapped, validated."""
