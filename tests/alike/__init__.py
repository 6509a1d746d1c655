"""The three services are held alike without a framework: by comparing lists that must agree."""
