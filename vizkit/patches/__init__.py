"""The parts of a data set's images that excite units, found in one streamed pass."""
