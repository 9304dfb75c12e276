"""Every text that was tried: a tree of tokens, of which each node goes on from its parent."""

import numpy as np


class Branches:
    """Tokens by node; node 0 is the beginning, which has none.

    >>> tree = Branches()
    >>> first, other = tree.add(0, 7), tree.add(0, 9)
    >>> tree.path(tree.add(other, 5)), tree.add(0, 7) == first
    ([9, 5], True)
    """

    def __init__(self):
        self.parents, self.tokens = [-1], [-1]

    def __len__(self):
        return len(self.parents)

    def add(self, node, token):
        """The node after this one with that token: the one that is there, or a new one."""
        for child in range(node + 1, len(self)):
            if self.parents[child] == node and self.tokens[child] == token:
                return child
        self.parents.append(node)
        self.tokens.append(int(token))
        return len(self) - 1

    def forget(self, count):
        """Keep the first nodes only, as many as that."""
        del self.parents[count:], self.tokens[count:]

    def nodes(self, node):
        """The nodes from the beginning (left out) to this one."""
        found = []
        while node > 0:
            found.append(node)
            node = self.parents[node]
        return found[::-1]

    def path(self, node):
        """The tokens from the beginning to this node."""
        return [self.tokens[step] for step in self.nodes(node)]

    def ends(self):
        """The nodes that nothing follows: one for each text."""
        return sorted(set(range(len(self))) - set(self.parents))

    @property
    def array(self):
        """The parents (node,), the beginning's is −1."""
        return np.array(self.parents, np.int32)
