"""The template as it is written, without what CloudFormation makes of it."""

from typing import Any

import yaml


class Loader(yaml.SafeLoader):
    """Takes CloudFormation's functions for what they are given: `!Ref Key` is `Key`."""


def _given(loader: Loader, _: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.ScalarNode)
    return loader.construct_scalar(node)


Loader.add_multi_constructor("!", _given)
