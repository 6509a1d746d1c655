"""What a maintainer runs by hand, beside the suite and its tests."""
